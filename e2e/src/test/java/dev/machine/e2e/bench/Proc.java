package dev.machine.e2e.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process (proc(5)). */
final class Proc {
    /** Clock ticks a second, as the kernel shows them to programs on every architecture we know. */
    private static final double TICKS = 100;

    private Proc() {}

    /** CPU time of the process in s. */
    static double cpu(long pid) throws IOException {
        String[] fields = stat(pid);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** When it began, in s since the computer started. */
    static double began(long pid) throws IOException {
        return Long.parseLong(stat(pid)[19]) / TICKS;
    }

    static double uptime() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    }

    /** Resident memory in MB. */
    static long rss(long pid) throws IOException {
        return status(pid, "VmRSS:") / 1024;
    }

    /** The largest resident memory so far in MB. */
    static long peak(long pid) throws IOException {
        return status(pid, "VmHWM:") / 1024;
    }

    static long threads(long pid) throws IOException {
        return status(pid, "Threads:");
    }

    /** Open file descriptors. */
    static int files(long pid) throws IOException {
        String[] all = new File("/proc/" + pid + "/fd").list();
        if (all == null) {
            throw new IOException("process " + pid + " is gone");
        }
        return all.length;
    }

    private static long status(long pid, String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("process " + pid + " is gone");
    }

    /** The fields from the state on: the name before it may hold spaces. */
    private static String[] stat(long pid) throws IOException {
        String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }
}
