package dev.machine.provisioning.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the engine's systemd unit without its {@code -H} options: the sockets come
 * from daemon.json, and the same option in both stops dockerd. The rest stays as the unit has it.
 */
public final class UnitCommand {
    private static final String KEY = "ExecStart=";
    private static final String OUR_FILE = "# " + EngineFiles.DROP_IN;

    private static final String OUR_MARK = "# Written by machine";

    private UnitCommand() {}

    /** A drop-in that systemd reads after machine's and that sets a command line itself. */
    static Optional<String> after(String unit) {
        String ours = EngineFiles.DROP_IN.substring(EngineFiles.DROP_IN.lastIndexOf('/') + 1);
        String file = "";
        for (String line : unit.split("\n")) {
            if (line.startsWith("# /")) {
                file = line.substring(2).strip();
            } else if (file.endsWith(".conf")
                    && line.matches("ExecStart=\\s*\\S.*")
                    && file.substring(file.lastIndexOf('/') + 1).compareTo(ours) > 0) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /**
     * The command line.
     *
     * @param unit as {@code systemctl cat docker.service} prints it: each file after a comment with
     *     its path
     * @return empty if the unit has none
     */
    public static Optional<String> withoutHosts(String unit) {
        return withHosts(unit).map(UnitCommand::strip);
    }

    /** The command line with the owner's {@code -H} options. */
    public static Optional<String> withHosts(String unit) {
        Optional<String> command = Optional.empty();
        boolean ourPath = false;
        boolean ours = false;
        for (String line : unit.replace("\\\n", " ").split("\n")) {
            if (line.startsWith("# /")) {
                ourPath = line.strip().equals(OUR_FILE);
                ours = false;
            } else if (ourPath && line.startsWith(OUR_MARK)) {
                // docker-machine's drop-in has the same name.
                ours = true;
            } else if (!ours && line.startsWith(KEY)) {
                String value = line.substring(KEY.length()).strip();
                command = value.isEmpty() ? Optional.empty() : Optional.of(value);
            }
        }
        return command;
    }

    private static String strip(String command) {
        List<String> kept = new ArrayList<>();
        String[] words = command.split("\\s+");
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("-H") || words[i].equals("--host")) {
                i++;
            } else if (!words[i].startsWith("-H") && !words[i].startsWith("--host=")) {
                kept.add(words[i]);
            }
        }
        return String.join(" ", kept);
    }
}
