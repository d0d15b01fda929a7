"""What a picture is: decoding, hashes, quality, metadata.  No rule of a job and no window here."""
