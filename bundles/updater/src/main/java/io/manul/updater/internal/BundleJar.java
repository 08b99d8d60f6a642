package io.manul.updater.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** A bundle's jar as bytes: checked before it is installed, or the same one under a new version. */
final class BundleJar {

    private static final long MOST_BYTES = 64L << 20;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private BundleJar() {
    }

    /** A jar that somebody wants in place of a bundle: must be of the same name and of another version. */
    static byte[] read(Path jar, Bundle old) throws Refused {
        try {
            if (!Files.isRegularFile(jar)) {
                throw new Refused(jar + " is not a file");
            }
            if (Files.size(jar) > MOST_BYTES) {
                throw new Refused(jar + " has " + Files.size(jar) + " bytes; a bundle has at most " + MOST_BYTES);
            }
            byte[] bytes = Files.readAllBytes(jar);
            Attributes main = manifest(bytes, jar).getMainAttributes();
            String name = String.valueOf(main.getValue("Bundle-SymbolicName")).split(";")[0].trim();
            if (!name.equals(old.getSymbolicName())) {
                throw new Refused(jar + " is bundle " + name + ", not " + old.getSymbolicName());
            }
            String version = main.getValue("Bundle-Version");
            if (version != null && Version.parseVersion(version).equals(old.getVersion())) {
                throw new Refused(jar + " has version " + version + ", which is the one that runs; leave --to out to"
                        + " run the same bundle again as a new version");
            }
            return bytes;
        } catch (IOException | IllegalArgumentException e) {
            throw new Refused(jar + " cannot be read as a bundle: " + Limit.describe(e));
        }
    }

    private static Manifest manifest(byte[] bytes, Path jar) throws IOException, Refused {
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bytes))) {
            Manifest manifest = in.getManifest();
            if (manifest == null) {
                throw new Refused(jar + " is not a bundle: it has no manifest at its beginning");
            }
            return manifest;
        }
    }

    /** The same bundle with the next version: 0.1.0, 0.1.0.r1, 0.1.0.r2, ... */
    static byte[] again(Path jar, Version now) throws Refused {
        String next = next(now);
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Files.size(jar) + 1024);
            try (ZipOutputStream out = new ZipOutputStream(bytes)) {
                out.setLevel(Deflater.BEST_SPEED);
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    if (entry.getName().equals(MANIFEST)) {
                        Manifest manifest = new Manifest(in);
                        manifest.getMainAttributes().putValue("Bundle-Version", next);
                        manifest.write(out);
                    } else {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new Refused("the running bundle's file " + jar + " cannot be read: " + Limit.describe(e));
        }
    }

    static String next(Version now) {
        String q = now.getQualifier();
        int n = q.matches("r[0-9]{1,9}") ? Integer.parseInt(q.substring(1)) + 1 : 1;
        return now.getMajor() + "." + now.getMinor() + "." + now.getMicro() + ".r" + n;
    }
}
