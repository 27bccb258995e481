package dev.machine.provisioning.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the engine's systemd unit without its {@code -H} options: the sockets come
 * from daemon.json, and the same option in both stops dockerd. Everything else in it stays, spelled
 * as the unit spells it.
 */
public final class UnitCommand {
    private static final String KEY = "ExecStart=";
    private static final String OUR_FILE = "# " + EngineFiles.DROP_IN;

    private static final String OUR_MARK = "# Written by machine";

    private UnitCommand() {}

    /** The drop-in that is read after ours and sets a command line of its own. */
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
     * Returns the command line.
     *
     * @param unit as {@code systemctl cat docker.service} prints it: each file behind a comment
     *     with its path
     * @return empty when the unit has none
     */
    public static Optional<String> withoutHosts(String unit) {
        return withHosts(unit).map(UnitCommand::strip);
    }

    /** The same as its owner has it. */
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
