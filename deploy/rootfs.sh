#!/bin/sh
# Makes the folder that becomes a whole image: a virtual environment, its Python and the
# shared libraries of both, and nothing else. No shell and no package manager, so nothing
# to break in with, and 100 MB less than a base image.
#
#   deploy/rootfs.sh VENV FOLDER [PACKAGE ...]     without these packages
set -eu
venv=$1
root=$2
shift 2
python=$(readlink -f "$venv/bin/python3")
stdlib=$("$python" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
packages=$("$venv/bin/python3" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

[ $# -eq 0 ] || "$venv/bin/python3" -m pip uninstall --yes --quiet "$@"
# what running does not need of the libraries: tests, tools, catalogues' sources, pip
find "$packages" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
find "$packages" \( -name '*.po' -o -name '*.c' \) -delete
# compiled copies of modules of which the Python ones are enough to cut fonts down
if [ -d "$packages/fontTools" ]; then
    find "$packages/fontTools" -name '*.so' -delete
fi
# the pages are in English
if [ -d "$packages/django" ]; then
    find "$packages/django" -type d -path '*/locale/*' -prune -not -name 'en*' \
        -exec rm -rf {} +
fi
for part in cv2/data onnxruntime/transformers onnxruntime/tools onnxruntime/quantization \
    onnxruntime/datasets onnxruntime/capi/libonnxruntime.so* numpy/f2py setuptools \
    pkg_resources _distutils_hack distutils-precedence.pth pip; do
    rm -rf "$packages"/$part "$packages"/$part-*.dist-info
done

mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/etc" "$root/proc" "$root/dev" "$root/sys"
for link in lib lib64; do # Debian's /lib is /usr/lib
    if [ -L /$link ]; then cp -P /$link "$root/$link"; else mkdir -p "$root/$link"; fi
done
install -d -m 1777 "$root/tmp"
copy() { tar -C / -cf - "$@" | tar -C "$root" -xf -; } # paths without their first slash
copy "${python#/}" "${stdlib#/}" "${venv#/}"
ln -sf "$python" "$root$venv/bin/python3"
for part in test idlelib tkinter turtledemo lib2to3 ensurepip site-packages; do
    rm -rf "$root$stdlib/$part"
done
rm -rf "$root$stdlib"/config-* "$root$venv"/bin/pip*

# every shared library that the above asks for, found as the loader finds it
{
    echo "$python"
    find "$root$stdlib" "$root$venv" -type f -name '*.so*'
} | xargs ldd 2>/dev/null | awk '/=> \// {print $3} /^\t\// {print $1}' |
    grep -v "^$root" | sort -u | while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done
for file in etc/ld.so.conf etc/ld.so.conf.d etc/ssl/certs/ca-certificates.crt \
    usr/share/zoneinfo; do
    if [ -e /$file ]; then copy $file; fi
done
ldconfig -r "$root"

echo 'mimika:x:10001:10001::/var/lib/mimika:/sbin/nologin' >"$root/etc/passwd"
echo 'mimika:x:10001:' >"$root/etc/group"
install -d -o 10001 -g 10001 "$root/var/lib/mimika"
