"""Reading and writing of what a file states beside its pixels: EXIF, XMP, IPTC, boxes of movies, capture dates."""
