using System.Globalization;
using System.Text;

namespace Headgate.Metrics;

/// <summary>
/// Writes metrics in Prometheus's text format, version 0.0.4: each name once with its help and type, then its samples.
/// Allocates freely: it runs once a scrape. Used by one thread at a time.
/// </summary>
internal sealed class MetricsWriter
{
    /// <summary>Media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>Begins a number that only rises; its name ends in <c>_total</c>. Its samples follow.</summary>
    public void Counter(string name, string help) => Begin(name, help, "counter");

    /// <summary>Begins a number that may rise and fall. Its samples follow.</summary>
    public void Gauge(string name, string help) => Begin(name, help, "gauge");

    /// <summary>Begins a distribution; its samples follow by <see cref="Distribution"/>.</summary>
    public void Histogram(string name, string help) => Begin(name, help, "histogram");

    /// <summary>A sample of the histogram begun last.</summary>
    /// <param name="bounds">Upper bounds of the buckets, rising.</param>
    /// <param name="counts">How many lie in each, and last how many above all; not cumulative.</param>
    /// <param name="sum">Sum of all.</param>
    /// <param name="labels">As those of <see cref="Sample"/>.</param>
    public void Distribution(IReadOnlyList<double> bounds, ReadOnlySpan<long> counts, double sum, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        int begin = _text.Length;
        AppendLabels(labels);
        string written = _text.ToString(begin, _text.Length - begin); // once for all buckets
        _text.Length = begin;
        string before = written.Length == 0 ? "{" : written[..^1] + ",";
        long below = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            _text.Append(_name).Append("_bucket").Append(before).Append("le=\"").Append(i < bounds.Count ? Number(bounds[i]) : "+Inf").Append("\"} ").Append(below).Append('\n');
        }

        _text.Append(_name).Append("_sum").Append(written).Append(' ').Append(Number(sum)).Append('\n');
        _text.Append(_name).Append("_count").Append(written).Append(' ').Append(below).Append('\n');
    }

    /// <summary>A sample of the metric begun last.</summary>
    /// <param name="value">The number; whole ones are written without a fraction.</param>
    /// <param name="labels">Label names and values; values are escaped.</param>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_name);
        AppendLabels(labels);
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary><c>connect_timeout</c> for <c>ConnectTimeout</c>: how label values are written.</summary>
    public static string SnakeCase(string pascalCase) =>
        string.Concat(pascalCase.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>All that was written.</summary>
    public override string ToString() => _text.ToString();

    private void AppendLabels(ReadOnlySpan<(string Name, string Value)> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            AppendEscaped(labels[i].Value);
            _text.Append('"');
        }

        if (labels.Length > 0)
            _text.Append('}');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private void Begin(string name, string help, string type)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void AppendEscaped(string value)
    {
        foreach (char c in value)
            _ = c switch { '\\' => _text.Append("\\\\"), '"' => _text.Append("\\\""), '\n' => _text.Append("\\n"), _ => _text.Append(c) };
    }
}
