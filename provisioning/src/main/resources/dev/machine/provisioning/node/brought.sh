# Writes the list of packages that an installation brought to ORIGINAL ($3). Runs after the function installed_packages.
if [ -f "$3/packages-before" ]; then
    installed_packages | comm -13 "$3/packages-before" - >"$3/packages.new"
    mv "$3/packages.new" "$3/packages"
fi
