package io.fluxfoam.cli;

import com.sun.management.OperatingSystemMXBean;

import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.launch.FoamHome;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at the machine. Only where there is a GPU does it open a device and start a process, to see
 * whether both can share.
 */
final class Doctor {
    private static final String SHARED_MEMORY = "/dev/shm";
    private static final long WANTED_SHARED_MEMORY_BYTES = 512L << 20;
    private static final long WANTED_MEMORY_BYTES = 4L << 30;

    private final FoamHome home;

    /**
     * One thing that was looked for.
     *
     * @param needed whether the loop cannot run without it
     * @param detail what was found, or not
     * @param gives what it is good for
     */
    record Finding(String thing, boolean present, boolean needed, String detail, String gives) {}

    Doctor(FoamHome home) {
        this.home = home;
    }

    List<Finding> examine() throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                new Finding(
                        "jdk",
                        Runtime.version().feature() == 25,
                        true,
                        "Java " + Runtime.version() + " at " + System.getProperty("java.home"),
                        "everything: the foam needs Java 25"));
        findings.add(memory());
        findings.add(sharedMemory());
        findings.add(hugePages(Files.readAllLines(Path.of("/proc/self/mounts"))));
        findings.addAll(new GpuDoctor(CudaProbe.get()).examine());
        findings.add(
                devices(
                        "camera",
                        Path.of("/dev"),
                        "video\\d+",
                        "pictures for ./foam up --source live:"));
        findings.add(
                devices(
                        "microphone",
                        Path.of("/dev/snd"),
                        "pcmC\\d+D\\d+c",
                        "sound for ./foam up --source live:"));
        findings.add(
                models(
                        LoopNodes.TEACHER_VISION,
                        "the vision teacher: the build fetches its model from Maven Central"));
        findings.add(
                models(
                        LoopNodes.TEACHER_WHISPER,
                        "the speech teacher: the build fetches its model through npm"));
        findings.add(
                models(
                        LoopNodes.TEACHER_LLM,
                        "the language teacher: the build fetches its model from Maven Central"));
        findings.add(program("npm", "the speech teacher's model, at build time"));
        findings.add(program("mvn", "building from source"));
        return findings;
    }

    private static Finding memory() {
        long bytes =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        int cores = Runtime.getRuntime().availableProcessors();
        return new Finding(
                "cores and memory",
                cores >= 2 && bytes >= WANTED_MEMORY_BYTES,
                false,
                cores + " cores, " + Text.bytes(bytes),
                "the whole loop at its full rate needs 2 cores and "
                        + Text.bytes(WANTED_MEMORY_BYTES));
    }

    private static Finding sharedMemory() throws IOException {
        Path path = Path.of(SHARED_MEMORY);
        if (!Files.isWritable(path)) {
            return new Finding(
                    "shared memory",
                    false,
                    true,
                    path + " cannot be written",
                    "tensors that are not copied");
        }
        FileStore store = Files.getFileStore(path);
        return new Finding(
                "shared memory",
                store.getUsableSpace() >= WANTED_SHARED_MEMORY_BYTES,
                true,
                path
                        + " with "
                        + Text.bytes(store.getUsableSpace())
                        + " free of "
                        + Text.bytes(store.getTotalSpace()),
                "room for the streams and the student's replay, at least "
                        + Text.bytes(WANTED_SHARED_MEMORY_BYTES)
                        + " (docker run --shm-size, or --dir on another tmpfs)");
    }

    /**
     * Allocated files of a tmpfs that offers huge pages get them by themselves; who maps them need
     * not ask.
     */
    static Finding hugePages(List<String> mounts) {
        String options =
                mounts.stream()
                        .map(line -> line.split(" "))
                        .filter(fields -> fields.length > 3 && fields[1].equals(SHARED_MEMORY))
                        .map(fields -> fields[3])
                        .reduce("", (first, last) -> last);
        Matcher huge = Pattern.compile("(?:^|,)huge=(\\w+)").matcher(options);
        String policy = huge.find() ? huge.group(1) : "never";
        return new Finding(
                "huge pages",
                policy.equals("always") || policy.equals("within_size"),
                false,
                SHARED_MEMORY + " with huge=" + policy,
                "faster reading of tensors of 2 MB and more (as root: mount -o remount,huge=within_size "
                        + SHARED_MEMORY
                        + ")");
    }

    private static Finding devices(String thing, Path directory, String form, String gives)
            throws IOException {
        List<String> found = names(directory, form);
        String detail =
                found.isEmpty()
                        ? "none in " + directory
                        : directory + ": " + String.join(" ", found);
        return new Finding(thing, !found.isEmpty(), false, detail, gives);
    }

    private Finding models(String teacher, String gives) {
        String detail = (home.hasModels(teacher) ? "in " : "none in ") + home.models(teacher);
        return new Finding(teacher + " weights", home.hasModels(teacher), false, detail, gives);
    }

    private static Finding program(String name, String gives) {
        Optional<Path> found =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                        .filter(directory -> !directory.isBlank())
                        .map(directory -> Path.of(directory, name))
                        .filter(Files::isExecutable)
                        .findFirst();
        return new Finding(
                name,
                found.isPresent(),
                false,
                found.map(Path::toString).orElse("not on the PATH"),
                gives);
    }

    private static List<String> names(Path directory, String form) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        Pattern pattern = Pattern.compile(form);
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> pattern.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }
}
