# Waits until cloud-init has ended, and prints the errors it had: await-cloud-init.sh SECONDS
left=$1
until [ -e /run/cloud-init/result.json ] || [ "$left" = 0 ]; do sleep 1; left=$((left - 1)); done
grep -o '"errors": *\[[^]]*[^][:space:]]' /run/cloud-init/result.json || true
[ "$left" -gt 0 ]
