import java.io.IOException;
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
import java.util.stream.Stream;

/**
 * Rewrites the classes of a jar to class-file version 61 (Java 17), in place. picocli 4.7.7 is
 * published as version 49, and HotSpot leaves classes older than 50 out of its caches
 * (remkop/picocli#1623), which costs every command 40 ms. Only the copy that we start is changed;
 * the Maven dependency stays as published. Run by cli/build: {@code java Lift.java JAR}.
 */
class Lift {
    private static final int OLDEST_WITH_STACK_MAPS_REQUIRED = 51;
    private static final int JAVA_17 = 61;

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        URL url = jar.toUri().toURL();
        try (URLClassLoader classes = new URLClassLoader(new URL[] {url});
                FileSystem inside =
                        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            ClassFile format =
                    ClassFile.of(
                            ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(classes)));
            for (Path file : files(inside)) {
                Files.write(file, lift(format, Files.readAllBytes(file)));
            }
        }
    }

    private static List<Path> files(FileSystem jar) throws IOException {
        try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().startsWith("/META-INF"))
                    .filter(file -> !file.toString().equals("/module-info.class"))
                    .toList();
        }
    }

    private static byte[] lift(ClassFile format, byte[] content) {
        var model = format.parse(content);
        if (model.majorVersion() >= OLDEST_WITH_STACK_MAPS_REQUIRED) {
            return content;
        }
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(JAVA_17, 0);
                    } else {
                        builder.with(element);
                    }
                };
        // Going through the code once is what writes the stack maps that newer versions must have.
        ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
        return format.transformClass(model, code.andThen(version));
    }
}
