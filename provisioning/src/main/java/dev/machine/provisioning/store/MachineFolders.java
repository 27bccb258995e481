package dev.machine.provisioning.store;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.common.NaturalOrder;
import dev.machine.driver.MachineName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder {@code machines/} of a store: one {@link MachineFolder} a machine.
 *
 * @param all need not exist
 */
record MachineFolders(Path all) {
    private static final String REMOVED = ".removed-";

    /** The folder of one machine; it need not exist. */
    Path path(String name) {
        return all.resolve(new MachineName(name).value());
    }

    MachineFolder folder(String name) {
        return new MachineFolder(path(name));
    }

    /**
     * The names of the folders of a kind in natural order; what no machine can be called is
     * skipped.
     */
    List<String> names(Predicate<MachineFolder> kind) {
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(MachineName::isValid)
                    .filter(name -> kind.test(folder(name)))
                    .sorted(NaturalOrder.INSTANCE)
                    .toList();
        } catch (IOException e) {
            throw new MachineException("cannot read " + all + ": " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * Deletes what is ours of a machine's folder, by one rename if nothing else is in it. A folder
     * without a record of ours is not touched.
     *
     * @return the names of what others have put into the folder, which stays where it is
     */
    List<String> delete(String name) {
        MachineFolder folder = folder(name);
        if (!Files.exists(folder.record(), LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try {
            List<String> strangers = folder.strangers();
            if (!strangers.isEmpty() || Files.isSymbolicLink(path(name))) {
                folder.deleteOurs();
                return strangers;
            }
            sweep();
            Files.move(path(name), all.resolve(REMOVED + name));
            sweep();
            return List.of();
        } catch (IOException e) {
            throw new MachineException(
                    "cannot remove " + path(name) + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Deletes what an earlier removal renamed and did not get to delete. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> removed = Files.newDirectoryStream(all, REMOVED + "*")) {
            for (Path folder : removed) {
                Trees.delete(folder);
            }
        }
    }
}
