package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real launcher in a small copy of the tree whose {@code mvn} and {@code java} only say what they got. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path root;
    private Path tools;

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        assumeThat(Path.of("/bin/bash"))
                .as("bash, which the launcher is written in")
                .exists();
        root = Files.createDirectories(folder.resolve("a tree"));
        Files.copy(Path.of(System.getProperty("celllm.root"), "celllm"), root.resolve("celllm"));
        for (String module : List.of("data", "network", "training", "tasks", "app")) {
            Files.createDirectories(root.resolve(module + "/src/main/java"));
            Files.writeString(root.resolve(module + "/pom.xml"), "<project/>");
        }
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        tools = Files.createDirectories(folder.resolve("tools"));
        script(tools.resolve("mvn"), """
                echo "$@" >> '%1$s/mvn.calls'
                [ ! -e '%1$s/break' ] || { echo 'COMPILATION ERROR'; exit 1; }
                mkdir -p '%1$s/app/target/launcher' '%1$s/app/target/classes'
                printf '%1$s/data' > '%1$s/app/target/launcher/dependencies'
                sleep 0.2
                """.formatted(root));
        jdk("17.0.15");
    }

    @Test
    void buildsOnceAndThenOnlyWhenASourceIsNewer() throws Exception {
        assertThat(launch(folder, "inspect").err()).contains("building");
        assertThat(launch(folder, "inspect").err()).doesNotContain("building");
        assertThat(builds()).isEqualTo(1);

        Path source = root.resolve("data/src/main/java/New.java");
        Files.writeString(source, "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        launch(folder, "inspect");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenTheTreeWasMovedOrAJarIsGone() throws Exception {
        launch(folder, "inspect");
        Files.writeString(root.resolve("app/target/launcher/stamp"), "/elsewhere\n");
        launch(folder, "inspect");
        assertThat(builds()).isEqualTo(2);

        Files.writeString(root.resolve("app/target/launcher/dependencies"), "/no/such.jar");
        launch(folder, "inspect");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void twoStartsAtOnceBuildOnce() throws Exception {
        Process first = start(folder, "inspect");
        Process second = start(folder, "inspect");
        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();

        assertThat(builds()).isEqualTo(1);
        assertThat(root.resolve(".celllm/build.lock")).doesNotExist();
    }

    @Test
    void theLockOfABuilderThatDiedIsNoHindrance() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(root.resolve(".celllm/build.lock"));
        Files.writeString(root.resolve(".celllm/build.lock/pid"), dead.pid() + "\n");

        assertThat(launch(folder, "inspect").code()).isZero();

        Files.createDirectories(root.resolve(".celllm/build.lock"));
        Files.delete(root.resolve("app/target/launcher/stamp"));
        assertThat(launch(folder, "inspect").code())
                .as("it died before it said who it was")
                .isZero();
    }

    @Test
    void aFailedBuildShowsMavensOutputAndIsTriedAgain() throws Exception {
        Files.createFile(root.resolve("break"));
        Outcome failed = launch(folder, "inspect");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("COMPILATION ERROR").contains("the build failed");

        Files.delete(root.resolve("break"));
        assertThat(launch(folder, "inspect").code()).isZero();
    }

    @Test
    void runsFromAnyFolderThroughLinksAndLeavesArgumentsAlone() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("second link"));
        Files.createSymbolicLink(folder.resolve("second link"), root.resolve("celllm"));
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));

        Outcome outcome = run(
                new ProcessBuilder(link.toString(), "inspect", "my file.h5ad", "*", "").directory(elsewhere.toFile()));

        assertThat(outcome.out().lines())
                .contains("cwd " + elsewhere.toRealPath())
                .containsSubsequence("org.celllm.app.Main", "inspect", "my file.h5ad", "*", "");
    }

    @Test
    void theHeapFollowsFromMemory() throws Exception {
        assertThat(launch(folder, "pretrain", "--memory", "4g").out()).contains("-Xmx1024m");
        assertThat(launch(folder, "pretrain", "--memory=512MiB").out()).contains("-Xmx256m");
        assertThat(launch(folder, "pretrain", "--memory", "64g").out()).contains("-Xmx4096m");
        assertThat(launch(folder, "pretrain", "--memory", "nonsense").out()).containsPattern("-Xmx\\d+m");
    }

    @Test
    void threadsReachTheProgramAndEachHasProductsOfItsOwn() throws Exception {
        assertThat(launch(folder, "embed", "--threads", "7").out())
                .contains("omp 1")
                .contains("-Dcelllm.threads=7", "ForkJoinPool.common.parallelism=6");
        assertThat(launch(folder, "embed", "--threads", "many").out()).containsPattern("-Dcelllm.threads=\\d+");
    }

    @Test
    void nativeAccessIsAskedForWhereJavaKnowsIt() throws Exception {
        assertThat(launch(folder, "embed").out()).doesNotContain("--enable-native-access");
        jdk("25.0.1");
        assertThat(launch(folder, "embed").out()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void anOldOrMissingJavaIsOneLine() throws Exception {
        jdk("11.0.2");
        Outcome old = launch(folder, "embed");
        assertThat(old.code()).isEqualTo(2);
        assertThat(old.err().lines())
                .singleElement()
                .asString()
                .contains("version 11")
                .contains("17 or newer");

        Files.delete(tools.resolve("bin/java"));
        assertThat(launch(folder, "embed").err().lines())
                .singleElement()
                .asString()
                .contains("has no bin/java");
    }

    @Test
    void aMissingMavenIsOneLineAndMattersOnlyForBuilding() throws Exception {
        launch(folder, "inspect");
        Files.delete(tools.resolve("mvn"));
        assertThat(launch(folder, "inspect").code()).isZero();

        Files.delete(root.resolve("app/target/launcher/stamp"));
        Outcome outcome = launch(folder, "inspect");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().contains("Maven 3.8 or newer");
        assertThat(root.resolve(".celllm/build.lock")).doesNotExist();
    }

    private int builds() throws IOException {
        return Files.readAllLines(root.resolve("mvn.calls")).size();
    }

    private void jdk(String version) throws IOException {
        Files.createDirectories(tools.resolve("bin"));
        Files.writeString(tools.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(tools.resolve("bin/java"), """
                echo "cwd $PWD"
                echo "omp $OMP_NUM_THREADS"
                printf '%s\\n' "$@"
                """);
        script(tools.resolve("bin/javac"), "");
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome launch(Path where, String... arguments) throws Exception {
        return run(command(where, arguments));
    }

    private Process start(Path where, String... arguments) throws IOException {
        return environment(command(where, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ProcessBuilder command(Path where, String... arguments) {
        List<String> command = new ArrayList<>(List.of(root.resolve("celllm").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(where.toFile());
    }

    /** Only this folder's tools and the system's own are on the PATH; a real mvn stands in neither. */
    private ProcessBuilder environment(ProcessBuilder builder) throws IOException {
        Path system = folder.resolve("system");
        if (Files.notExists(system)) {
            Files.createDirectories(system);
            for (String name : List.of(
                    "bash",
                    "env",
                    "dirname",
                    "readlink",
                    "sed",
                    "cat",
                    "find",
                    "head",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "rm",
                    "sleep",
                    "awk",
                    "nproc",
                    "sort",
                    "wc",
                    "grep",
                    "kill")) {
                for (String place : List.of("/usr/bin", "/bin")) {
                    if (Files.isExecutable(Path.of(place, name)) && Files.notExists(system.resolve(name))) {
                        script(system.resolve(name), "exec " + place + "/" + name + " \"$@\"\n");
                    }
                }
            }
        }
        Map<String, String> variables = builder.environment();
        variables.put("PATH", tools + ":" + system);
        variables.put("JAVA_HOME", tools.toString());
        variables.remove("CELLLM_JAVA_OPTS");
        variables.remove("CELLLM_MAVEN_OPTS");
        return builder;
    }

    private Outcome run(ProcessBuilder builder) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = environment(builder)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
