#!/bin/sh
# Puts Image Sync into the menu of the user who runs this, and takes it away again:
#
#     install.sh               install, or renew what is installed
#     install.sh --uninstall   take away what it installed; photos, settings and journals stay
#
# It needs no rights of an administrator and downloads nothing.  Beside a frozen program it installs a copy of that;
# in a clone it installs the way to the clone.  PREFIX is where (default: ~/.local).
set -eu

id=io.github.image_sync.ImageSync
prefix=${PREFIX:-${HOME:?is not set, so say PREFIX=FOLDER}/.local}
program=$prefix/lib/image-sync
list=$program/installed-files
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

refuse() {
    printf 'install.sh: %s\n' "$1" >&2
    exit 2
}

uninstall() {
    [ -f "$list" ] || refuse "Image Sync is not installed in $prefix by this script; say PREFIX=FOLDER if it is elsewhere."
    while IFS= read -r path; do
        rm -f -- "$prefix/$path"
    done <"$list"
    rm -rf -- "$program"
    refresh
    printf 'Image Sync is gone from %s. Photos, settings and journals are as they were.\n' "$prefix"
}

# Menus find a new program without this too, only later.
refresh() {
    if command -v update-desktop-database >/dev/null 2>&1 && [ -d "$prefix/share/applications" ]; then
        update-desktop-database -q "$prefix/share/applications" || true
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1 && [ -d "$prefix/share/icons/hicolor" ]; then
        gtk-update-icon-cache -q -t -f "$prefix/share/icons/hicolor" || true
    fi
}

put() { # put FILE PLACE-BELOW-PREFIX
    mkdir -p -- "$(dirname -- "$prefix/$2")"
    cp -- "$1" "$prefix/$2.new"
    chmod 644 "$prefix/$2.new"
    mv -f -- "$prefix/$2.new" "$prefix/$2"
    printf '%s\n' "$2" >>"$program.new/installed-files"
}

# A value of a desktop file's Exec in quotes, in which these have a meaning.
quoted() {
    printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')"
}

# A word of the shell.
word() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

install_program() {
    rm -rf -- "$program.new"
    mkdir -p -- "$program.new"
    if [ -x "$here/../image-sync" ] && [ -d "$here/../_internal" ]; then
        cp -R -- "$here/../." "$program.new/"
        printf '#!/bin/sh\nexec %s "$@"\n' "$(word "$program/image-sync")" >"$program.new/start"
    elif [ -f "$here/../../main.py" ]; then
        clone=$(CDPATH='' cd -- "$here/../.." && pwd)
        command -v python3 >/dev/null 2>&1 || refuse "There is no python3: install Python 3.10 or newer and start again."
        printf '#!/bin/sh\nexec python3 %s "$@"\n' "$(word "$clone/main.py")" >"$program.new/start"
    else
        refuse "There is no program beside $here: start this script inside the unpacked program or its clone."
    fi
    chmod 755 "$program.new/start"
    : >"$program.new/installed-files"
}

install() {
    icons=$here/icons
    [ -d "$icons" ] || icons=$here/../icons
    for file in "$here/$id.desktop" "$here/$id.metainfo.xml" "$icons/image-sync.svg"; do
        [ -f "$file" ] || refuse "$file is missing: get the whole program again."
    done
    if [ -e "$prefix/bin/image-sync" ] && [ ! -f "$list" ]; then
        refuse "$prefix/bin/image-sync is there and was not put there by this script (pipx or uv?): remove that first."
    fi
    mkdir -p -- "$prefix/lib" "$prefix/bin" || refuse "$prefix cannot be written: say PREFIX=FOLDER."
    install_program
    sed "s|^Exec=.*|Exec=@|" "$here/$id.desktop" >"$program.new/desktop"
    {
        while IFS= read -r line; do
            if [ "$line" = "Exec=@" ]; then
                printf 'Exec=%s\n' "$(quoted "$program/start")"
            else
                printf '%s\n' "$line"
            fi
        done <"$program.new/desktop"
    } >"$program.new/desktop.made"
    put "$program.new/desktop.made" "share/applications/$id.desktop"
    rm -f -- "$program.new/desktop" "$program.new/desktop.made"
    put "$here/$id.metainfo.xml" "share/metainfo/$id.metainfo.xml"
    put "$icons/image-sync.svg" share/icons/hicolor/scalable/apps/image-sync.svg
    for size in 16 22 24 32 48 64 128 256 512; do
        put "$icons/image-sync-$size.png" "share/icons/hicolor/${size}x$size/apps/image-sync.png"
    done
    printf 'bin/image-sync\n' >>"$program.new/installed-files"
    rm -rf -- "$program.old"
    [ ! -d "$program" ] || mv -- "$program" "$program.old"
    mv -- "$program.new" "$program"
    rm -rf -- "$program.old"
    ln -sfn -- ../lib/image-sync/start "$prefix/bin/image-sync"
    refresh
    printf 'Image Sync is in your menu, and as %s on the command line.\n' "$prefix/bin/image-sync"
    case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) printf 'Add %s to your PATH to start it as image-sync.\n' "$prefix/bin" ;;
    esac
}

case ${1:-} in
'') install ;;
--uninstall) uninstall ;;
*) refuse "It knows --uninstall and nothing else." ;;
esac
