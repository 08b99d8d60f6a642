package io.manul.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "{'a':1}|{'a':1}|{'a':1}",
        "{'a':1,'b':2}|{'a':1}|{'b':null,'a':1}",
        "{'m':{'x':1,'y':2}}|{'m':{'y':3}}|{'m':{'x':null,'y':3}}",
        "{}|{'l':[1,2]}|{'l':[1,2]}",
        "{'m':1}|{'m':{'y':3}}|{'m':{'y':3}}"})
    void threeWayPatches(String before, String wanted, String patch) {
        assertEquals(json(patch).toString(), ThreeWay.patch(json(before), json(wanted)).toString());
    }

    private static Obj json(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }

    @Test
    void documentsAndListsAreFlattened() throws BadManifest {
        List<Obj> all = parse("a.yaml", """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}
                ---
                # nothing
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: two}
                data: {n: "1", yes: "on"}
                """);
        assertEquals(List.of("one", "two"), all.stream().map(Obj::name).toList());
        assertEquals("on", all.get(1).text("data", "yes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [", "- 1", "kind: X", "a: 1\na: 2", "apiVersion: v1\nkind: X\nmetadata: {}"})
    void badManifestsSayWhere(String text) {
        BadManifest e = assertThrows(BadManifest.class, () -> parse("bad.yaml", text));
        assertTrue(e.getMessage().contains("bad.yaml"), e.getMessage());
    }

    private static List<Obj> parse(String file, String text) throws BadManifest {
        return Documents.parse(text.getBytes(StandardCharsets.UTF_8), file);
    }

    @Test
    void theFolderIsReadAsK3sReadsIt(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("sub"));
        for (String f : List.of("b.yaml", "a.YML", "c.json", ".hidden.yaml", "notes.txt", "sub/d.yaml", "sub/b.yaml.skip")) {
            Files.createFile(root.resolve(f));
        }
        Folder.Look look = Folder.at(root);
        assertEquals(List.of("a.YML", "b.yaml", "c.json", "d.yaml"),
                look.files().stream().map(f -> f.path().getFileName().toString()).toList());
        assertTrue(look.skipped().contains("b.yaml"));
        assertEquals("my-app", new ManifestFile(Path.of("/m/my-app.v2.yaml"), 1).addOn());
        assertEquals("my-app.v2", new ManifestFile(Path.of("/m/my-app.v2.yaml"), 1).disableName());
    }
}
