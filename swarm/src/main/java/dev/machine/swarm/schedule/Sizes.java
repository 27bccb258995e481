package dev.machine.swarm.schedule;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as {@code docker info} and refusals show them. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /** Bytes in binary units with four significant digits: {@code 0 B}, {@code 514.5 MiB}. */
    public static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        BigDecimal rounded = new BigDecimal(size).round(new MathContext(4, RoundingMode.HALF_EVEN));
        return plain(rounded) + " " + UNITS[unit];
    }

    /** Billionths of a CPU as CPUs: {@code 0}, {@code 1.5}. */
    public static String cpus(long nanoCpus) {
        return plain(BigDecimal.valueOf(nanoCpus, 9));
    }

    /**
     * What can be reserved of a resource: more than the node has, in whole numbers, as in classic
     * Swarm.
     *
     * @param overcommit the additional share, 0.05 for 5 %; rounded down to whole per cents
     */
    public static long withOvercommit(long amount, double overcommit) {
        return amount + amount * Math.round(Math.floor(overcommit * 100 + 1e-9)) / 100;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
