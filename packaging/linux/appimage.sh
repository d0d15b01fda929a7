#!/bin/sh
# Makes an AppImage of the frozen program: appimage.sh dist/image-sync [appimagetool]
#
# appimagetool comes from https://github.com/AppImage/appimagetool/releases; it is not fetched here.
set -eu

folder=${1:?is missing: say where the frozen program is (dist/image-sync)}
tool=${2:-appimagetool}
id=io.github.image_sync.ImageSync
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
place=$(CDPATH='' cd -- "$(dirname -- "$folder")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -x "$folder/image-sync" ] || { printf 'appimage.sh: %s holds no frozen program: run packaging/freeze.py first.\n' "$folder" >&2; exit 2; }

tree=$work/ImageSync.AppDir
mkdir -p "$tree/usr/lib" "$tree/usr/bin" "$tree/usr/share/applications" "$tree/usr/share/metainfo"
cp -R "$folder" "$tree/usr/lib/image-sync"
ln -s ../lib/image-sync/image-sync "$tree/usr/bin/image-sync"
cp "$here/$id.desktop" "$tree/usr/share/applications/"
cp "$here/$id.metainfo.xml" "$tree/usr/share/metainfo/$id.appdata.xml"
for size in 16 32 48 64 128 256 512; do
    mkdir -p "$tree/usr/share/icons/hicolor/${size}x$size/apps"
    cp "$here/../icons/image-sync-$size.png" "$tree/usr/share/icons/hicolor/${size}x$size/apps/image-sync.png"
done
ln -s "usr/share/applications/$id.desktop" "$tree/$id.desktop"
cp "$here/../icons/image-sync-256.png" "$tree/image-sync.png"
ln -s image-sync.png "$tree/.DirIcon"
cat >"$tree/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/usr/lib/image-sync/image-sync" "$@"
RUN
chmod 755 "$tree/AppRun"
if [ "$tool" = --only-tree ]; then
    rm -rf "$place/ImageSync.AppDir"
    mv "$tree" "$place/"
    printf '%s\n' "$place/ImageSync.AppDir"
    exit 0
fi
ARCH=$(uname -m) "$tool" --comp zstd "$tree" "$place/Image_Sync-$(uname -m).AppImage"
