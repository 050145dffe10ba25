#!/usr/bin/env bash
# Makes one archive that runs the fabric on a GPU machine without a JDK: a small Java runtime, the SDK, the coordinator, chaos's
# light nodes, the GPU tests and `bench gpu`. With --loop also the loop itself: all nodes, their models, libtorch.
#   deploy/bundle.sh [--loop] [--quick] [FILE]   default: target/flux-foam-bundle.tar.xz, with --loop target/flux-foam-loop.tar.xz
# --quick compresses less, in seconds: for an image, which is compressed again.
# There: tar xf FILE, then in the folder  ./foam doctor,  ./gpu-tests.sh,  ./foam bench gpu,  ./foam chaos --light --devices cuda:0,host,
# or all of it, with a log of each:  ./gpu-proof.sh FOLDER
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
loop=
[[ ${1:-} != --loop ]] || { loop=1; shift; }
level=-9e
[[ ${1:-} != --quick ]] || { level=-1; shift; }
kind=bundle
[[ -z $loop ]] || kind=loop
file=$(readlink -m "${1:-$home/target/flux-foam-$kind.tar.xz}")
jdk=$(FOAM_NO_BUILD=1 "$home/foam" jdk)
modules=(node-sdk coordinator cli tests/chaos tests/bench)
java_modules=java.base,java.logging,java.management,java.naming,java.xml,jdk.compiler,jdk.httpserver,jdk.management,jdk.unsupported,jdk.zipfs
projects=(-pl cli,tests/chaos,tests/bench -am)
if [[ -n $loop ]]; then
  projects=()
  modules+=(nodes/{sensor,teacher,teacher-vision,teacher-whisper,teacher-llm,teacher-voice,student,evaluator,bridge})
  java_modules+=,java.desktop
fi
console=org.junit.platform:junit-platform-console-standalone:1.14.4

cd "$home"
# The launcher's lock, to the end: nobody builds what is being copied.
mkdir -p target
exec 9> target/foam.lock
flock 9 2> /dev/null || true
[[ -n ${FOAM_NO_BUILD:-} ]] || mvn -B -ntp -q -DskipTests "${projects[@]}" package >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/flux-foam
mkdir -p "$bundle/lib" "$bundle/deploy" "$bundle/target" "$(dirname "$file")"
cp foam deploy/gpu-proof.sh "$bundle/"
cp deploy/jvm.options deploy/coordinator.sh "$bundle/deploy/"
[[ -z $loop ]] || { cp deploy/{sensor,teacher-*,student,ear,evaluator,bridge}.sh "$bundle/deploy/" && cp -r deploy/boxes "$bundle/deploy/"; }

# The runtime: xz compresses better than jlink does. Chronicle looks for a compiler when it starts, though it needs none.
"$jdk/bin/jlink" --add-modules "$java_modules" \
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
  [[ ! -d $module/target/models ]] || cp -r "$module/target/models" "$bundle/$module/target/"
  rm -f "$bundle/$module/target/models/".*.prepared # made for this machine
done

# The loop's tests, and its jars without other systems' native libraries and uncompressed: xz makes less of them then.
if [[ -n $loop ]]; then
  for module in nodes/student tests/chaos tests; do
    mkdir -p "$bundle/$module/target"
    cp -r "$module/target/test-classes" "$bundle/$module/target/"
  done
  for jar in "$bundle"/lib/{onnxruntime-*,pytorch-*,openblas-*,ffmpeg-*}.jar; do
    mkdir "$work/jar"
    (cd "$work/jar" && "$jdk/bin/jar" -xf "$jar" && rm -rf ai/onnxruntime/native/{win-*,osx-*,linux-aarch64} \
      && "$jdk/bin/jar" -c -0 -M -f "$jar" .)
    rm -r "$work/jar"
  done
fi

# JUnit's own runner, and what the tests need beside the SDK.
cp node-sdk/target/node-sdk-*.jar "$bundle/node-sdk/target/"
mvn -B -ntp -q dependency:copy "-Dartifact=$console" "-DoutputDirectory=$bundle/lib" >&2
cat > "$bundle/gpu-tests.sh" <<'TESTS'
#!/usr/bin/env bash
# The tests that are tagged gpu, on NVIDIA's driver; with --slow first, the long ones alone, with --loop those of the student and the
# whole loop. What follows goes to JUnit's launcher.
# JDK_JAVA_OPTIONS=-Dfoam.cuda.driver=FILE takes another driver.
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
tags=(--include-tag=gpu --exclude-tag=slow)
classes=(stream.CudaGpuStreamTest device.cuda.CudaGpuFusionTest device.cuda.CudaGpuNodesTest)
path=$home/node-sdk/target/*
case ${1:-} in
  --slow)
    tags=("--include-tag=gpu&slow")
    shift
    ;;
  --loop)
    [[ -d $home/nodes/student ]] || { echo "gpu-tests: the loop is not in this bundle: make one with deploy/bundle.sh --loop" >&2; exit 2; }
    classes=(student.CudaGpuStudentNodeTest chaos.CudaGpuChaosTest tests.loop.CudaGpuLoopTest)
    for module in nodes/student tests/chaos tests; do
      path+=:$home/$module/target/test-classes:$home/$module/target/classes
    done
    shift
    ;;
esac
export OMP_NUM_THREADS=1 # as the launcher has it for the student
exec "$home/jre/bin/java" "@$home/deploy/jvm.options" -Xmx512m "-Dfoam.home=$home" -cp "$path:$home/lib/*" \
  org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=tree "${tags[@]}" --fail-if-no-tests \
  "${classes[@]/#/--select-class=io.fluxfoam.}" "$@"
TESTS
chmod +x "$bundle/gpu-tests.sh"

tar -C "$work" -cf - flux-foam | xz -T0 $level > "$file.part"
mv "$file.part" "$file"
echo "$file: $(stat -c %s "$file") bytes"
