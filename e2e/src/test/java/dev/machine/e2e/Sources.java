package dev.machine.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The Java sources of all modules, for tests of pages that name classes and packages.
 *
 * @param byClass the text of a file by the name of its class
 */
record Sources(Map<String, String> byClass, Set<String> packages) {
    static Sources main() throws IOException {
        return read("src/main/java");
    }

    static Sources tests() throws IOException {
        return read("src/test/java");
    }

    private static Sources read(String folder) throws IOException {
        Sources sources = new Sources(new TreeMap<>(), new TreeSet<>());
        try (Stream<Path> modules = Files.list(Lab.ROOT)) {
            for (Path module : modules.map(it -> it.resolve(folder)).toList()) {
                if (Files.isDirectory(module)) {
                    sources.add(module);
                }
            }
        }
        return sources;
    }

    private void add(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> java = files.filter(it -> it.toString().endsWith(".java")).toList();
            for (Path file : java) {
                String name = file.getFileName().toString().replace(".java", "");
                byClass.put(name, Files.readString(file));
                packages.add(folder.relativize(file.getParent()).toString().replace('/', '.'));
            }
        }
    }
}
