package io.manul.images;

import io.manul.cri.oci.OciArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the image of the examples and tests, {@value #NAME}, from Debian's package busybox-static: busybox with all its applets
 * (httpd, wget, nc, nslookup, sh), users root and nobody. Try it: {@code BusyboxImage /var/lib/manul/agent/images/busybox.tar}.
 */
public final class BusyboxImage {

    public static final String NAME = "manul.io/examples/busybox:1";

    private BusyboxImage() {
    }

    /** @param arguments the archive to write; then, if it is not /bin/busybox, the static busybox to take */
    public static void main(String... arguments) throws IOException, InterruptedException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: BusyboxImage ARCHIVE [BUSYBOX]");
            System.exit(2);
        }
        Path archive = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(archive.getParent());
        write(archive, Path.of(arguments.length == 2 ? arguments[1] : "/bin/busybox"));
        System.out.println(archive + ": image " + NAME);
    }

    /** @throws IOException when there is no static busybox; it says what to install */
    public static void write(Path archive, Path busybox) throws IOException, InterruptedException {
        if (!Files.isExecutable(busybox)) {
            throw new IOException(busybox + " is not there. Install it (Debian: apt-get install busybox-static)");
        }
        byte[] program = Files.readAllBytes(busybox);
        if (!isStatic(program)) {
            throw new IOException(busybox + " is no static program. Install one (Debian: apt-get install busybox-static)");
        }
        OciArchive image = OciArchive.here(NAME).file("/bin/busybox", 0755, program);
        for (String applet : applets(busybox)) {
            if (!applet.equals("busybox")) {
                image.symbolicLink("/bin/" + applet, "busybox");
            }
        }
        image.directory("/tmp", 01777).directory("/root", 0700).directory("/www", 0755).directory("/var/run", 0755)
                .file("/etc/passwd", 0644, utf8("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"))
                .file("/etc/group", 0644, utf8("root:x:0:\nnogroup:x:65534:\n"))
                .environment("PATH", "/bin").command("sh").write(archive);
    }

    /** An ELF-64 file without a program header of type PT_INTERP: it asks for no dynamic linker. */
    static boolean isStatic(byte[] program) {
        ByteBuffer elf = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        if (program.length < 64 || elf.getInt(0) != 0x464c457f || program[4] != 2) {
            return false;
        }
        int headers = (int) elf.getLong(32);
        int size = elf.getShort(54);
        int count = elf.getShort(56);
        for (int i = 0; i < count && headers + (i + 1) * size <= program.length; i++) {
            if (elf.getInt(headers + i * size) == 3) {
                return false;
            }
        }
        return true;
    }

    private static List<String> applets(Path busybox) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(busybox.toString(), "--list").redirectErrorStream(true).start();
        List<String> applets = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> line.matches("[\\w.\\[-]+")).toList();
        if (process.waitFor() != 0 || applets.isEmpty()) {
            throw new IOException(busybox + " --list failed: " + applets);
        }
        return applets;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
