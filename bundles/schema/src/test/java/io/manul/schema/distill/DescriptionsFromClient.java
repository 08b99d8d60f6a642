package io.manul.schema.distill;

import io.manul.schema.Schema;
import io.manul.schema.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Run by the build: reads the documentation texts from the annotations of the official Java client's model classes
 * (io.kubernetes:client-java-api, Apache-2.0) and writes {@code descriptions.gz} into the bundle. The classes are read as
 * files, not loaded, so the client's own dependencies are not needed. Argument: the file to write.
 */
public final class DescriptionsFromClient {

    private static final String MODELS = "io/kubernetes/client/openapi/models/";
    private static final String NAME_FIELD = "SERIALIZED_NAME_";

    /** Texts of our own for the named scalars and open types, which the client has no model classes for. */
    private static final Map<String, String> OURS = Map.of(
            "io.k8s.apimachinery.pkg.api.resource.Quantity",
            "A fixed-point number with an optional suffix: m for a thousandth, k M G T P E for powers of 1000, Ki Mi Gi Ti Pi Ei "
                    + "for powers of 1024, or an exponent as in 1e3. Examples: 500m, 1.5, 64Mi.",
            "io.k8s.apimachinery.pkg.util.intstr.IntOrString", "A 32-bit integer or a string, such as a port number or name, or "
                    + "a count or percentage.",
            TypeWriter.META + "Time", "A point in time in RFC 3339, to the second, such as 2026-01-31T12:00:00Z.",
            TypeWriter.META + "MicroTime", "A point in time in RFC 3339, to the microsecond, such as 2026-01-31T12:00:00.000000Z.",
            TypeWriter.META + "FieldsV1", "A set of fields as a trie: keys f:NAME for fields, k:KEYS and v:VALUE for list items, "
                    + "and a dot for the entry itself.",
            TypeWriter.META + "Patch", "The body of a PATCH request; its form follows the content type.",
            "io.k8s.apimachinery.pkg.runtime.RawExtension", "Any object, kept as it is.",
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", "Any JSON value.");

    private DescriptionsFromClient() {
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        OURS.forEach((type, text) -> texts.put(type + "\t", text));
        int found = 0;
        Schema schema = Schema.builtIn();
        for (String name : schema.typeNames()) {
            Optional<ClassModel> model = model(schema.type(name).orElseThrow());
            if (model.isPresent()) {
                found++;
                collect(name, model.get(), texts);
            }
        }
        if (found < schema.typeNames().size() * 9 / 10) {
            throw new IllegalStateException("only " + found + " of " + schema.typeNames().size() + " types have a model class in "
                    + "client-java-api: its version does not fit the tables");
        }
        write(Path.of(args[0]), texts);
    }

    /** The class of a type: its version and name, with its group before them where other groups have the same name. */
    private static Optional<ClassModel> model(Type type) throws IOException {
        List<String> words = List.of(type.name().split("\\."));
        String plain = capital(words.get(words.size() - 2)) + words.getLast();
        for (String candidate : List.of(capital(words.get(words.size() - 3)) + plain, plain)) {
            try (InputStream in = DescriptionsFromClient.class.getClassLoader()
                    .getResourceAsStream(MODELS + candidate + ".class")) {
                if (in != null) {
                    ClassModel model = ClassFile.of().parse(in.readAllBytes());
                    if (fields(model).values().stream().allMatch(type.fields()::containsKey)) {
                        return Optional.of(model);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static void collect(String type, ClassModel model, Map<String, String> texts) {
        text(model, "Lio/swagger/annotations/ApiModel;", "description").ifPresent(t -> texts.put(type + "\t", t));
        Map<String, String> names = new TreeMap<>();
        fields(model).values().forEach(n -> names.put(getter(n), n));
        model.methods().forEach(method -> text(method, "Lio/swagger/annotations/ApiModelProperty;", "value").ifPresent(t -> {
            String field = names.get(method.methodName().stringValue().toLowerCase(Locale.ROOT));
            if (field != null && !t.isEmpty()) {
                texts.put(type + "\t" + field, t);
            }
        }));
    }

    /** The JSON names, by the constants that hold them. */
    private static Map<String, String> fields(ClassModel model) {
        Map<String, String> names = new LinkedHashMap<>();
        for (FieldModel field : model.fields()) {
            String name = field.fieldName().stringValue();
            if (name.startsWith(NAME_FIELD)) {
                field.findAttribute(Attributes.constantValue()).ifPresent(
                        c -> names.put(name, ((StringEntry) c.constant()).stringValue()));
            }
        }
        return names;
    }

    /** {@code getHostIP} for hostIP and {@code get$Ref} for $ref, in lower case, without what Java names cannot hold. */
    private static String getter(String json) {
        return "get" + json.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> text(AttributedElement element, String annotation, String member) {
        return element.findAttribute(Attributes.runtimeVisibleAnnotations()).stream().flatMap(a -> a.annotations().stream())
                .filter(a -> a.className().equalsString(annotation)).map(Annotation::elements).flatMap(List::stream)
                .filter(e -> e.name().equalsString(member)).map(AnnotationElement::value)
                .map(v -> ((AnnotationValue.OfString) v).stringValue()).findFirst();
    }

    private static void write(Path file, Map<String, String> texts) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> text : texts.entrySet()) {
                out.write((text.getKey() + "\t" + escape(text.getValue()) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
