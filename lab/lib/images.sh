# shellcheck shell=bash
# Content of the lab's registry. It is mirror, private registry and the Docker Hub's double at once: what is pushed as library/debian is what
# `docker pull debian` gets on a node whose registry mirror is LAB_MIRROR. No engine is needed to push.

# push_images FOLDER : made by build/images
push_images() {
  local kind repository reference type digest
  while read -r kind repository reference type digest; do
    case $kind in
      blob) push_blob "$repository" "$1/$reference" ;;
      manifest) registry PUT "$repository/manifests/$reference" -H "Content-Type: $type" --data-binary @"$1/$digest" >/dev/null ;;
    esac || die "the lab's registry refuses $repository, see $LAB_STATE/hub/registry.log"
  done <"$1/list"
}

push_blob() {
  local place
  place=$(registry POST "$1/blobs/uploads/" -D - -o /dev/null | tr -d '\r' | sed -n 's/^location: //Ip')
  in_hub curl -sf --noproxy '*' -X PUT -H 'Content-Type: application/octet-stream' --data-binary @"$2" "$place&digest=${2##*/}"
}

registry() {
  local method=$1 path=$2
  shift 2
  in_hub curl -sf --noproxy '*' -X "$method" "$@" "$LAB_MIRROR/v2/$path"
}
