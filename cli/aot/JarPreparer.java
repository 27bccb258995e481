import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Changes jars in place so that HotSpot's AOT cache can hold their classes; the Maven dependencies
 * stay as published. The cache leaves out two kinds of classes:
 *
 * <ul>
 *   <li>classes older than version 50. picocli 4.7.7 is published as version 49
 *       (remkop/picocli#1623), which costs every command 40 ms; its classes are rewritten to version
 *       61 (Java 17).
 *   <li>classes of signed jars. Bouncy Castle's signature is checked at every start although
 *       nothing here needs it, because Bouncy Castle is not used as a security provider; the
 *       signature is removed.
 * </ul>
 *
 * Run by cli/build: {@code java JarPreparer.java JAR…}.
 */
class JarPreparer {
    private static final int OLDEST_WITH_STACK_MAPS_REQUIRED = 51;
    private static final int JAVA_17 = 61;

    public static void main(String[] arguments) throws IOException {
        for (String jar : arguments) {
            prepare(Path.of(jar));
        }
    }

    private static void prepare(Path jar) throws IOException {
        URL url = jar.toUri().toURL();
        try (URLClassLoader classes = new URLClassLoader(new URL[] {url});
                FileSystem inside =
                        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            ClassFile format =
                    ClassFile.of(
                            ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(classes)));
            for (Path file : files(inside)) {
                byte[] content = Files.readAllBytes(file);
                if (version(content) < OLDEST_WITH_STACK_MAPS_REQUIRED) {
                    Files.write(file, rewrite(format, content));
                }
            }
            removeSignature(inside.getPath("META-INF"));
        }
    }

    /** Removes the signature files and the digests of the files that they signed. */
    private static void removeSignature(Path folder) throws IOException {
        List<Path> signatures;
        try (Stream<Path> files = Files.list(folder)) {
            signatures =
                    files.filter(file -> file.toString().matches(".*\\.(SF|RSA|DSA|EC)")).toList();
        }
        if (signatures.isEmpty()) {
            return;
        }
        for (Path signature : signatures) {
            Files.delete(signature);
        }
        Path file = folder.resolve("MANIFEST.MF");
        Manifest manifest;
        try (InputStream in = Files.newInputStream(file)) {
            manifest = new Manifest(in);
        }
        manifest.getEntries().clear();
        try (OutputStream out = Files.newOutputStream(file)) {
            manifest.write(out);
        }
    }

    /** JVMS 4.1: the major version stands after the magic number and the minor version. */
    private static int version(byte[] content) {
        return (content[6] & 0xff) << 8 | content[7] & 0xff;
    }

    private static List<Path> files(FileSystem jar) throws IOException {
        try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().startsWith("/META-INF"))
                    .filter(file -> !file.toString().equals("/module-info.class"))
                    .toList();
        }
    }

    private static byte[] rewrite(ClassFile format, byte[] content) {
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(JAVA_17, 0);
                    } else {
                        builder.with(element);
                    }
                };
        // A pass over the code writes the stack maps, which newer versions must have.
        ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
        return format.transformClass(format.parse(content), code.andThen(version));
    }
}
