package io.manul.itests.felix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Packs the room with a fault as a bundle {@code io.manul.room}. */
final class RoomJar {

    private static final String CLASS = "io.manul.itests.felix.room.TestRoom";

    private RoomJar() {
    }

    static Path write(Path folder, String version, String fault) throws IOException {
        Path jar = folder.resolve("room-" + version + "-" + fault + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(version))) {
            entry(out, "OSGI-INF/room.xml", """
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="room" activate="activate" configuration-policy="ignore">
                      <property name="version" value="%s"/>
                      <property name="fault" value="%s"/>
                      <service><provide interface="io.manul.api.component.Component"/></service>
                      <implementation class="%s"/>
                    </scr:component>
                    """.formatted(version, fault, CLASS).getBytes(StandardCharsets.UTF_8));
            String file = CLASS.replace('.', '/') + ".class";
            try (InputStream in = RoomJar.class.getClassLoader().getResourceAsStream(file)) {
                entry(out, file, in.readAllBytes());
            }
        }
        return jar;
    }

    private static Manifest manifest(String version) {
        Manifest manifest = new Manifest();
        Attributes a = manifest.getMainAttributes();
        a.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        a.putValue("Bundle-ManifestVersion", "2");
        a.putValue("Bundle-SymbolicName", "io.manul.room");
        a.putValue("Bundle-Version", version);
        a.putValue("Import-Package", "io.manul.api.component,io.manul.api.http");
        a.putValue("Service-Component", "OSGI-INF/room.xml");
        return manifest;
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
