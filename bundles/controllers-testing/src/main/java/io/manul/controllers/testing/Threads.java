package io.manul.controllers.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The virtual threads that live now, by a thread dump: {@code Thread.getAllStackTraces} does not know them. */
public final class Threads {

    private Threads() {
    }

    /** How many threads have a name that begins so. */
    public static long named(String prefix) throws IOException {
        Path folder = Files.createTempDirectory("threads");
        Path dump = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return Files.readAllLines(dump).stream().filter(l -> l.strip().startsWith("\"name\": \"" + prefix)).count();
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }
}
