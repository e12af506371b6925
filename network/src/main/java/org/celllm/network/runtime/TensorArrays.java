package org.celllm.network.runtime;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies numbers between Java arrays and tensors. */
public final class TensorArrays {
    private TensorArrays() {}

    /** A tensor of {@code type} with undefined content. */
    public static Tensor empty(ScalarType type, long... shape) {
        return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
    }

    /** A tensor of zeros. */
    public static Tensor zeros(ScalarType type, long... shape) {
        return torch.zeros(shape, new TensorOptions(type));
    }

    /** A tensor of ones. */
    public static Tensor ones(ScalarType type, long... shape) {
        return torch.ones(shape, new TensorOptions(type));
    }

    /** A float32 tensor of {@code shape} with the first values of {@code values}. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = empty(ScalarType.Float, shape);
        try (FloatPointer data = tensor.data_ptr_float()) {
            data.put(values, 0, count(values.length, shape));
        }
        return tensor;
    }

    /** A float64 tensor of {@code shape} with the first values of {@code values}. */
    public static Tensor of(double[] values, long... shape) {
        Tensor tensor = empty(ScalarType.Double, shape);
        try (DoublePointer data = tensor.data_ptr_double()) {
            data.put(values, 0, count(values.length, shape));
        }
        return tensor;
    }

    /** An int32 tensor of {@code shape} with the first values of {@code values}; good as an index. */
    public static Tensor of(int[] values, long... shape) {
        Tensor tensor = empty(ScalarType.Int, shape);
        try (IntPointer data = tensor.data_ptr_int()) {
            data.put(values, 0, count(values.length, shape));
        }
        return tensor;
    }

    /** An int64 tensor of {@code shape} with the first values of {@code values}. */
    public static Tensor of(long[] values, long... shape) {
        Tensor tensor = empty(ScalarType.Long, shape);
        try (LongPointer data = tensor.data_ptr_long()) {
            data.put(values, 0, count(values.length, shape));
        }
        return tensor;
    }

    /** The values of a tensor of any number format, in row order, as 32-bit floats. */
    public static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        Native.run(() -> tensor.detach()
                .to(ScalarType.Float)
                .contiguous()
                .data_ptr_float()
                .get(values));
        return values;
    }

    /** The values of a tensor of any number format, in row order, as 64-bit floats. */
    public static double[] doubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.numel())];
        Native.run(() -> tensor.detach()
                .to(ScalarType.Double)
                .contiguous()
                .data_ptr_double()
                .get(values));
        return values;
    }

    /** The rows of a [rows, columns] tensor as 32-bit floats. */
    public static float[][] rows(Tensor tensor) {
        int rows = Math.toIntExact(tensor.size(0));
        int columns = Math.toIntExact(tensor.size(1));
        float[][] values = new float[rows][columns];
        Native.run(() -> {
            FloatPointer data =
                    tensor.detach().to(ScalarType.Float).contiguous().data_ptr_float();
            for (int row = 0; row < rows; row++) {
                data.position((long) row * columns).get(values[row]);
            }
        });
        return values;
    }

    /** The shape of a tensor. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    private static int count(int available, long... shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        if (count > available) {
            throw new IllegalArgumentException("a tensor of " + count + " values from an array of " + available);
        }
        return (int) count;
    }
}
