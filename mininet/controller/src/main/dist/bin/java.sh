# Sourced by the programs beside it: finds a Java that the controller runs on.

no_java="no JDK 17 or 11 was found in JAVA_HOME, /usr/lib/jvm or PATH; install openjdk-17-jre-headless"

# The Java version of an installation, without starting it.
java_version() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the java to use, or nothing. ONOS 2.5 runs on 11 and 17; later ones lack what Karaf's login needs.
find_java() {
    onpath=$(command -v java || true)
    [ -z "$onpath" ] || onpath=$(dirname "$(dirname "$(readlink -f "$onpath")")")
    for wanted in 17 11; do
        for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$onpath"; do
            if [ -n "$candidate" ] && [ "$(java_version "$candidate")" = "$wanted" ]; then
                echo "$candidate/bin/java"
                return 0
            fi
        done
    done
}
