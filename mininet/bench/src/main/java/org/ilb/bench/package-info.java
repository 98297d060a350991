/**
 * How fast the pure core decides, and what it costs to remember: {@code mininet/run bench --only core}.
 *
 * <p>{@link org.ilb.bench.Core} runs the benchmarks of {@link org.ilb.bench.ElectionBenchmark},
 * {@link org.ilb.bench.DecisionBenchmark} and {@link org.ilb.bench.ViewChangeBenchmark} by JMH, weighs a million associations
 * ({@link org.ilb.bench.Weight}), decides segments while the view changes ({@link org.ilb.bench.Interference}), and shows the
 * figures beside the bounds that the project set itself. They are figures, not tests: a busy machine spoils them.
 */
package org.ilb.bench;
