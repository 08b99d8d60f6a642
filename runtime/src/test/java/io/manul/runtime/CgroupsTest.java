package io.manul.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupsTest {

    @TempDir
    Path mounted;

    /** Controllers of version 2 in their file, of version 1 in folders. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | cpuset cpu io memory hugetlb pids rdma |
            2 | cpuset cpu io pids                     | lack memory (looked at MOUNTED): add cgroup_memory=1 cgroup_enable=memory to the kernel's command line
            2 | ''                                     | lack cpu, memory, pids
            1 | cpu memory pids freezer                |
            1 | cpu pids                               | lack memory
            1 | memory cpu                             | lack pids (looked at MOUNTED)
            1 | ''                                     | no control groups are mounted at MOUNTED
            """)
    void whatIsMissingIsSaid(int version, String controllers, String message) throws Exception {
        if (version == 2) {
            Files.writeString(mounted.resolve("cgroup.controllers"), controllers + "\n");
        } else {
            for (String c : controllers.isEmpty() ? new String[0] : controllers.split(" ")) {
                Files.createFile(Files.createDirectory(mounted.resolve(c)).resolve("cgroup.procs"));
            }
        }
        if (message == null) {
            assertDoesNotThrow(() -> Cgroups.check(mounted));
        } else {
            String seen = assertThrows(UsageException.class, () -> Cgroups.check(mounted)).getMessage();
            assertTrue(seen.contains(message.replace("MOUNTED", mounted.toString())), seen);
        }
    }
}
