# For the scripts that install what the tests need: Debian's and Ubuntu's packages. Sourced, not run.

apt_install() {
    has apt-get || fail "The tests need $*, and this system has no apt-get: install them its own way, then run again."
    [ "$(id -u)" -eq 0 ] || has sudo || fail "The tests need $*: run 'apt-get install $*' as root, then run again."
    echo "$0: installing $* (the first time only)"

    local log
    log=$(mktemp)
    if ! as_root apt-get update >"$log" 2>&1 ||
        ! as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        fail "apt-get could not install $* (all it said: $log). It needs the network."
    fi
    rm "$log"
}

# Of Debian's packages, by name.
apt_install_missing() {
    local missing=() package
    for package in "$@"; do
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

has() {
    command -v "$1" >/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

fail() {
    echo "$0: $*" >&2
    exit 1
}
