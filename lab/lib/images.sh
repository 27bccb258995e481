# shellcheck shell=bash
# Fills the lab's registry, which is a mirror, a private registry and a copy of the Docker Hub: an image pushed as library/debian is the one
# that `docker pull debian` gets on a node with the registry mirror LAB_MIRROR. Pushing needs no engine.

# push_images FOLDER : pushes the images that build/images has made in FOLDER
push_images() {
  local kind repository reference type digest
  while read -r kind repository reference type digest; do
    case $kind in
      blob) push_blob "$repository" "$1/$reference" ;;
      manifest) registry PUT "$repository/manifests/$reference" -H "Content-Type: $type" --data-binary @"$1/$digest" >/dev/null ;;
    esac || die "the lab's registry refuses $repository; see $LAB_STATE/hub/registry.log"
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
