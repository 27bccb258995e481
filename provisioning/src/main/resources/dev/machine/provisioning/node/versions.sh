# Prints the versions of a package, newest first, as apt-cache madison does: versions.sh PACKAGE URL SOURCES
# With a URL, only the list file SOURCES is used; otherwise the node's own sources are. Exit 77: the node has no CA certificates.
# shellcheck disable=SC2086 # lists of options and packages are meant to be split into words
package=$1 url=$2 sources=$3 folder=/run/machine-probe
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
case $url in https:*) [ -e /etc/ssl/certs/ca-certificates.crt ] || exit 77 ;; esac
# Prints what the node's own lists have, unless a repository was named.
[ -n "$url" ] || apt-cache madison "$package"
own="-o Dir::State::lists=$folder/lists -o Dir::Cache=$folder/cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::GzipIndexes=true"
[ -z "$url" ] || own="$own -o Dir::Etc::sourcelist=$sources -o Dir::Etc::sourceparts=-"
# Other sources may fail if one has the package.
fetch() { apt-get -q $own -o Acquire::Check-Date=false -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@" update >&2 || true; }
fetch
# If one source does not answer, apt skips all others of that host. So each file of sources is updated alone.
if [ -z "$url${APT_CONFIG:-}" ] && [ -z "$(apt-cache $own madison "$package")" ]; then
    for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -s "$sources" ] || fetch -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
    done
fi
apt-cache $own madison "$package"
