# Keeps which packages an installation brought, in ORIGINAL ($3), by the function installed_packages.
if [ -f "$3/packages-before" ]; then
    installed_packages | comm -13 "$3/packages-before" - >"$3/packages.new"
    mv "$3/packages.new" "$3/packages"
fi
