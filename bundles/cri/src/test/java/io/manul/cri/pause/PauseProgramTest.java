package io.manul.cri.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.oci.OciArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseProgramTest {

    @TempDir
    Path folder;

    private Process start() throws Exception {
        Path program = folder.resolve("pause");
        Files.write(program, PauseProgram.elf(OciArchive.architecture()));
        assertTrue(program.toFile().setExecutable(true));
        return new ProcessBuilder(program.toString()).start();
    }

    @Test
    void itWaitsAndEndsWellOnTerm() throws Exception {
        Process pause = start();
        assertFalse(pause.waitFor(200, TimeUnit.MILLISECONDS), "it must not end by itself");
        signal(pause, "TERM");
        assertTrue(pause.waitFor(5, TimeUnit.SECONDS));
        assertEquals(0, pause.exitValue());
    }

    @Test
    void itGoesOnAfterADeadChildAndEndsOnInt() throws Exception {
        Process pause = start();
        signal(pause, "CHLD");
        assertFalse(pause.waitFor(100, TimeUnit.MILLISECONDS));
        signal(pause, "INT");
        assertTrue(pause.waitFor(5, TimeUnit.SECONDS));
        assertEquals(0, pause.exitValue());
    }

    @Test
    void anUnknownArchitectureIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PauseProgram.elf("mips"));
    }

    /** A signal that comes before the program has blocked it would end it with 128 + number: wait until it waits. */
    private static void signal(Process process, String name) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        String waits = OciArchive.architecture().equals("amd64") ? "128 " : "137 ";
        while (!Files.readString(Path.of("/proc", Long.toString(process.pid()), "syscall")).startsWith(waits)) {
            assertTrue(System.nanoTime() - end < 0, "it never waits for a signal");
            Thread.onSpinWait();
        }
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }
}
