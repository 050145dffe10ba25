#!/usr/bin/env bash
# Makes one archive that runs the fabric on a GPU machine without a JDK: a small Java runtime, the SDK, the coordinator, chaos's
# light nodes, the GPU tests and `bench gpu`. No models and no libtorch: the loop's own nodes are not in it.
#   deploy/bundle.sh [FILE]        default: target/flux-foam-bundle.tar.xz
# There: tar xf FILE, then in the folder  ./foam doctor,  ./gpu-tests.sh,  ./foam bench gpu,  ./foam chaos --light --devices cuda:0,host,
# or all of it, with a log of each:  ./gpu-proof.sh FOLDER
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
file=$(readlink -m "${1:-$home/target/flux-foam-bundle.tar.xz}")
jdk=$(FOAM_NO_BUILD=1 "$home/foam" jdk)
modules=(node-sdk coordinator tests/chaos tests/bench)
console=org.junit.platform:junit-platform-console-standalone:1.14.4

cd "$home"
# The launcher's lock, to the end: nobody builds what is being copied.
mkdir -p target
exec 9> target/foam.lock
flock 9 2> /dev/null || true
[[ -n ${FOAM_NO_BUILD:-} ]] || mvn -B -ntp -q -DskipTests -pl coordinator,tests/chaos,tests/bench -am package >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/flux-foam
mkdir -p "$bundle/lib" "$bundle/deploy" "$bundle/target" "$(dirname "$file")"
cp foam deploy/gpu-proof.sh "$bundle/"
cp deploy/jvm.options deploy/coordinator.sh "$bundle/deploy/"

# The runtime: xz compresses better than jlink does. Chronicle looks for a compiler when it starts, though it needs none.
"$jdk/bin/jlink" --add-modules java.base,java.logging,java.management,java.naming,java.xml \
  --add-modules jdk.compiler,jdk.httpserver,jdk.management,jdk.unsupported,jdk.zipfs \
  --strip-debug --no-header-files --no-man-pages --compress=zip-0 --vm=server --output "$bundle/jre"
rm -rf "$bundle"/jre/bin/{javac,serialver,keytool,jrunscript,rmiregistry} "$bundle/jre/legal" "$bundle"/jre/lib/{classlist,ct.sym,jrt-fs.jar,libjsig.so} "$bundle/jre/lib/server/libjsig.so"

# What the build has made stays where the launcher looks for it; all other jars are in one folder, and named from the bundle.
for module in "${modules[@]}"; do
  mkdir -p "$bundle/$module/target"
  path=
  IFS=: read -r -a entries < "$module/target/classpath.txt" || true
  for entry in "${entries[@]}"; do
    [[ $entry != "$home"/node-sdk/target/node-sdk-*.jar ]] || continue
    cp -n "$entry" "$bundle/lib/"
    path+=${path:+:}lib/${entry##*/}
  done
  echo "$path" > "$bundle/$module/target/classpath.txt"
  [[ $module == node-sdk ]] || cp -r "$module/target/classes" "$bundle/$module/target/"
done

# JUnit's own runner, and what the tests need beside the SDK.
cp node-sdk/target/node-sdk-*.jar "$bundle/node-sdk/target/"
mvn -B -ntp -q dependency:copy "-Dartifact=$console" "-DoutputDirectory=$bundle/lib" >&2
cat > "$bundle/gpu-tests.sh" <<'TESTS'
#!/usr/bin/env bash
# The tests that are tagged gpu, on NVIDIA's driver; with --slow first, the long ones alone. What follows goes to JUnit's launcher.
# JDK_JAVA_OPTIONS=-Dfoam.cuda.driver=FILE takes another driver.
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
tags=(--include-tag=gpu --exclude-tag=slow)
if [[ ${1:-} == --slow ]]; then
  tags=("--include-tag=gpu&slow")
  shift
fi
exec "$home/jre/bin/java" "@$home/deploy/jvm.options" -Xmx512m "-Dfoam.home=$home" -cp "$home/node-sdk/target/*:$home/lib/*" \
  org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=tree "${tags[@]}" --fail-if-no-tests \
  --select-class=io.fluxfoam.stream.CudaGpuStreamTest \
  --select-class=io.fluxfoam.device.cuda.CudaGpuFusionTest \
  --select-class=io.fluxfoam.device.cuda.CudaGpuNodesTest "$@"
TESTS
chmod +x "$bundle/gpu-tests.sh"

tar -C "$work" -cf - flux-foam | xz -T0 -9e > "$file.part"
mv "$file.part" "$file"
echo "$file: $(stat -c %s "$file") bytes"
