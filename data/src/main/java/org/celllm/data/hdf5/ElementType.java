package org.celllm.data.hdf5;

import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.celllm.data.safetensors.HalfPrecision;

/**
 * The stored type of one element.
 *
 * @param kind what it is
 * @param bytes its size in the file
 * @param signed whether an integer is signed
 * @param order its byte order
 */
public record ElementType(Kind kind, int bytes, boolean signed, ByteOrder order) {
    /** What an element is. */
    public enum Kind {
        /** A whole number. */
        INTEGER,
        /** A floating-point number of 2, 4 or 8 bytes. */
        FLOAT,
        /** FALSE or TRUE, stored as an enumeration. */
        BOOLEAN,
        /** A string of fixed length. */
        FIXED_STRING,
        /** A string of any length, kept in a heap of the file. */
        STRING,
        /** A row of named fields. */
        COMPOUND,
        /** Anything else: references, times, opaque bytes. */
        OTHER
    }

    static ElementType of(DataType type) {
        if (type instanceof FixedPoint whole) {
            boolean usable = whole.getBitOffset() == 0
                    && whole.getBitPrecision() == 8 * type.getSize()
                    && (type.getSize() == 1 || type.getSize() == 2 || type.getSize() == 4 || type.getSize() == 8);
            return new ElementType(
                    usable ? Kind.INTEGER : Kind.OTHER, type.getSize(), whole.isSigned(), whole.getByteOrder());
        }
        if (type instanceof FloatingPoint real) {
            boolean usable = type.getSize() == 2 || type.getSize() == 4 || type.getSize() == 8;
            return new ElementType(usable ? Kind.FLOAT : Kind.OTHER, type.getSize(), true, real.getByteOrder());
        }
        if (type instanceof EnumDataType named) {
            return enumeration(named);
        }
        Kind kind = type instanceof StringData
                ? Kind.FIXED_STRING
                : type instanceof VariableLength variable && variable.getJavaType() == String.class
                        ? Kind.STRING
                        : type instanceof CompoundDataType ? Kind.COMPOUND : Kind.OTHER;
        return new ElementType(kind, type.getSize(), false, ByteOrder.LITTLE_ENDIAN);
    }

    private static ElementType enumeration(EnumDataType named) {
        boolean truth = named.getEnumMapping().size() == 2
                && named.getEnumMapping().values().stream().allMatch(word -> {
                    String upper = word.toUpperCase(Locale.ROOT);
                    return upper.equals("TRUE") || upper.equals("FALSE");
                });
        ElementType base = of(named.getBaseType());
        return new ElementType(
                truth && base.kind == Kind.INTEGER ? Kind.BOOLEAN : Kind.OTHER, base.bytes, base.signed, base.order);
    }

    /** Whether it can be read as a number; FALSE and TRUE are 0 and 1. */
    public boolean numeric() {
        return kind == Kind.INTEGER || kind == Kind.FLOAT || kind == Kind.BOOLEAN;
    }

    /** Whether it is a string of either sort. */
    public boolean textual() {
        return kind == Kind.STRING || kind == Kind.FIXED_STRING;
    }

    /** As the field says it: {@code "float32"}, {@code "uint8"}, {@code "bool"}, {@code "string"}. */
    public String word() {
        return switch (kind) {
            case INTEGER -> (signed ? "int" : "uint") + 8 * bytes;
            case FLOAT -> "float" + 8 * bytes;
            case BOOLEAN -> "bool";
            case STRING, FIXED_STRING -> "string";
            case COMPOUND -> "compound";
            case OTHER -> "other";
        };
    }

    /** The number at byte {@code at} of a buffer whose order is this type's. */
    double number(ByteBuffer raw, int at) {
        if (kind == Kind.FLOAT) {
            return switch (bytes) {
                case 8 -> raw.getDouble(at);
                case 4 -> raw.getFloat(at);
                default -> HalfPrecision.fromF16(raw.getShort(at));
            };
        }
        long whole = whole(raw, at);
        return bytes == 8 && !signed && whole < 0 ? (whole >>> 1) * 2.0 + (whole & 1) : whole;
    }

    /** The whole number at byte {@code at}; an unsigned one past 2⁶³ comes out negative. */
    long whole(ByteBuffer raw, int at) {
        return switch (bytes) {
            case 8 -> raw.getLong(at);
            case 4 -> signed ? raw.getInt(at) : raw.getInt(at) & 0xffffffffL;
            case 2 -> signed ? raw.getShort(at) : raw.getShort(at) & 0xffff;
            default -> signed ? raw.get(at) : raw.get(at) & 0xff;
        };
    }

    /** Decodes {@code count} numbers from the buffer's position. */
    void floats(ByteBuffer raw, int count, float[] into, int at) {
        raw.order(order);
        if (kind == Kind.FLOAT && bytes == 4) {
            raw.asFloatBuffer().get(into, at, count);
            return;
        }
        int from = raw.position();
        for (int i = 0; i < count; i++) {
            into[at + i] = (float) number(raw, from + i * bytes);
        }
    }

    /** Decodes {@code count} whole numbers from the buffer's position. */
    void wholes(ByteBuffer raw, int count, long[] into, int at) {
        raw.order(order);
        int from = raw.position();
        for (int i = 0; i < count; i++) {
            into[at + i] = whole(raw, from + i * bytes);
        }
    }

    /** Decodes {@code count} indices; those that no {@code int} holds become −1. */
    void indices(ByteBuffer raw, int count, int[] into, int at) {
        raw.order(order);
        if (bytes == 4) {
            raw.asIntBuffer().get(into, at, count);
            return;
        }
        int from = raw.position();
        for (int i = 0; i < count; i++) {
            long index = whole(raw, from + i * bytes);
            into[at + i] = index < 0 || index > Integer.MAX_VALUE ? -1 : (int) index;
        }
    }
}
