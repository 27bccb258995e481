package dev.machine.swarm.discovery;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder with one file for each member. It is read each time (inotify is not used, because a
 * computer has few instances of it). Hidden files are being written and are ignored. If a file
 * becomes invalid, its last good version stays in use; if it is removed, so is its member. Not for
 * several threads at the same time.
 */
public final class MemberFolder implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(MemberFolder.class);

    private final Path folder;
    private final Map<Path, Known> known = new HashMap<>();

    private record Known(
            FileTime time,
            long size,
            @Nullable Object key,
            @Nullable Member member,
            @Nullable String error) {}

    public MemberFolder(Path folder) {
        this.folder = folder;
    }

    /** Reads the folder; one that does not exist (yet) has no members. */
    @Override
    public Members read() throws IOException {
        Map<Path, Known> now = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.yaml")) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(".")) {
                    now.put(file, look(file, known.get(file)));
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no folder {}", folder);
        }
        now.values().removeIf(entry -> entry.member == null && entry.error == null);
        known.clear();
        known.putAll(now);
        return members(now);
    }

    private static Known look(Path file, @Nullable Known before) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (before != null
                    && before.time.equals(attributes.lastModifiedTime())
                    && before.size == attributes.size()
                    && Objects.equals(before.key, attributes.fileKey())) {
                return before;
            }
            return read(file, attributes, before);
        } catch (IOException e) {
            // It was removed after the folder was listed.
            return new Known(FileTime.fromMillis(0), 0, null, null, null);
        }
    }

    private static Known read(Path file, BasicFileAttributes attributes, @Nullable Known before) {
        Member last = before == null ? null : before.member;
        try {
            last = MemberFile.read(file);
            return new Known(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    attributes.fileKey(),
                    last,
                    null);
        } catch (MachineException e) {
            LOG.warn("{}", e.sentence());
            return new Known(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    attributes.fileKey(),
                    last,
                    e.sentence());
        }
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".yaml".length());
    }

    private static Members members(Map<Path, Known> files) {
        Map<String, Member> members = new TreeMap<>();
        Map<String, String> errors = new TreeMap<>();
        files.forEach(
                (file, entry) -> {
                    String stem = stem(file);
                    Member member = entry.member;
                    if (member != null && members.putIfAbsent(member.name(), member) != null) {
                        errors.put(
                                stem,
                                "member file "
                                        + file.getFileName()
                                        + " has the name "
                                        + member.name()
                                        + ", which another file has too");
                    }
                    if (entry.error != null) {
                        errors.put(member == null ? stem : member.name(), entry.error);
                    }
                });
        return new Members(members, errors);
    }
}
