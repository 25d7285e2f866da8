using Headgate.Metrics;

namespace Headgate.Tests.Metrics;

public sealed class MetricsWriterTests
{
    [Fact]
    public void Write_CounterAndGauge_IsPrometheusText()
    {
        var writer = new MetricsWriter();
        writer.Counter("a_total", "Back\\slash and\nbreak.");
        writer.Sample(3);
        writer.Sample(1.5, ("x", "1"), ("y", "q\"\\\n"));
        writer.Gauge("b", "B.");
        writer.Sample(double.NaN);
        writer.Sample(double.PositiveInfinity);
        writer.Sample(12345678901234);

        writer.ToString().ShouldBe(
            "# HELP a_total Back\\\\slash and\\nbreak.\n# TYPE a_total counter\na_total 3\na_total{x=\"1\",y=\"q\\\"\\\\\\n\"} 1.5\n"
            + "# HELP b B.\n# TYPE b gauge\nb NaN\nb +Inf\nb 12345678901234\n");
    }

    [Theory]
    [InlineData("None", "none")]
    [InlineData("ConnectTimeout", "connect_timeout")]
    public void SnakeCase_SplitsAtCapitals(string given, string expected) => MetricsWriter.SnakeCase(given).ShouldBe(expected);
}
