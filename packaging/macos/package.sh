#!/bin/sh
# Makes Image Sync.app and a disk image of it on macOS: packaging/macos/package.sh
#
# The app is signed for this machine only.  To hand it out: codesign it with a Developer ID and have it notarized.
set -eu

cd "$(dirname "$0")/../.."
python3 packaging/freeze.py --no-archive "$@"
version=$(python3 -c 'import image_sync; print(image_sync.__version__)')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ditto "dist/Image Sync.app" "$work/Image Sync.app"
ln -s /Applications "$work/Applications"
image="dist/image-sync-$version-macos-$(uname -m).dmg"
rm -f "$image"
hdiutil create -quiet -volname "Image Sync" -srcfolder "$work" -format ULMO "$image"
du -sh "dist/Image Sync.app" "$image"
