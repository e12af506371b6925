package org.celllm.tasks.drug;

import java.util.BitSet;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.fingerprint.CircularFingerprinter;
import org.openscience.cdk.interfaces.IAtomContainer;

/**
 * Which neighbourhoods of atoms, at most two bonds wide, a molecule has: ECFP4 (Rogers and Hahn, J. Chem. Inf. Model. 50:742,
 * 2010) folded to {@value #SIZE} bits. Its hashes are those of the Chemistry Development Kit; other programs' bits differ.
 */
public final class MolecularFingerprint {
    /** How many bits. */
    public static final int SIZE = 1024;

    private final BitSet bits;

    /**
     * @param bits the places of the neighbourhoods, each below {@link #SIZE}
     */
    public MolecularFingerprint(BitSet bits) {
        if (bits.length() > SIZE) {
            throw new IllegalArgumentException("bit " + (bits.length() - 1) + " of " + SIZE);
        }
        this.bits = (BitSet) bits.clone();
    }

    /** Of a molecule whose rings and aromaticity are known. */
    static MolecularFingerprint of(IAtomContainer molecule) {
        try {
            return new MolecularFingerprint(new CircularFingerprinter(CircularFingerprinter.CLASS_ECFP4, SIZE)
                    .getBitFingerprint(molecule)
                    .asBitSet());
        } catch (CDKException impossible) {
            throw new IllegalStateException("no fingerprint", impossible);
        }
    }

    /** Whether a bit is set. */
    public boolean has(int bit) {
        return bits.get(bit);
    }

    /** How many bits are set. */
    public int count() {
        return bits.cardinality();
    }

    /** [{@link #SIZE}] ones and zeros. */
    public float[] values() {
        float[] values = new float[SIZE];
        bits.stream().forEach(bit -> values[bit] = 1);
        return values;
    }

    /** Tanimoto's similarity: the bits both have among those either has, from 0 to 1; 1 where neither has any. */
    public double tanimoto(MolecularFingerprint other) {
        BitSet both = (BitSet) bits.clone();
        both.and(other.bits);
        int either = count() + other.count() - both.cardinality();
        return either == 0 ? 1 : (double) both.cardinality() / either;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MolecularFingerprint same && bits.equals(same.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        return "MolecularFingerprint" + bits;
    }
}
