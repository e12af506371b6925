# Sourced by check.sh and bench.sh: makes the virtual environments and sets old_python and new_python, empty where no
# fitting Python was found.

interop="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"

# The first Python whose version lies in [LEAST, MOST], both like 3.12.
find_python() {
    local least="$1" most="$2" candidate
    for candidate in python3 python3.{8..20} /usr/bin/python3 "$HOME"/.pyenv/versions/3.*/bin/python3 /opt/python*/bin/python3; do
        candidate="$(command -v "$candidate" 2> /dev/null || true)"
        [ -n "$candidate" ] || continue
        if "$candidate" - "$least" "$most" 2> /dev/null << 'PYTHON'
import sys
import ensurepip, venv  # both are needed, and some systems leave them out
least, most = (tuple(map(int, text.split("."))) for text in sys.argv[1:])
sys.exit(not least <= sys.version_info[:2] <= most)
PYTHON
        then
            printf '%s' "$candidate"
            return
        fi
    done
}

# Makes .venv-NAME from requirements-NAME.txt unless it is there already, and prints its Python.
environment() {
    local name="$1" least="$2" most="$3" folder="$interop/.venv-$1" python
    if [ -x "$folder/bin/python" ] && cmp -s "$interop/requirements-$name.txt" "$folder/requirements.txt"; then
        printf '%s' "$folder/bin/python"
        return
    fi
    python="$(find_python "$least" "$most")"
    if [ -z "$python" ]; then
        printf 'interop: no Python from %s to %s was found; what is in requirements-%s.txt is left out\n' "$least" "$most" "$name" >&2
        return
    fi
    rm -rf "$folder"
    "$python" -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        -r "$interop/requirements-$name.txt" >&2
    cp "$interop/requirements-$name.txt" "$folder/requirements.txt"
    printf '%s' "$folder/bin/python"
}

old_python="$(environment old 3.8 3.11)"
new_python="$(environment new 3.12 3.99)"
if [ -z "$old_python$new_python" ]; then
    echo "interop: no Python that anndata could be installed for was found" >&2
    exit 1
fi

# The class path of the command, which is built if need be.
root="$(dirname "$interop")"
"$root/celllm" --version > /dev/null
class_path="$root/app/target/classes:$(cat "$root/app/target/launcher/dependencies")"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
run_java() {
    "$java" -Xmx1g -XX:-UsePerfData -Dorg.bytedeco.javacpp.logger=slf4j -cp "$class_path" "$interop/InteropFiles.java" "$@"
}
