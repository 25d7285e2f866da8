using System.Text.Json;

namespace Headgate.Control.FleetHealth;

/// <summary>How much something gets.</summary>
/// <param name="Requests">A second; at nodes each try counts.</param>
/// <param name="Failures">Of those, without an answer or with one of 500 or more; null = not known of it.</param>
internal readonly record struct Rate(double Requests, double? Failures = null)
{
    /// <summary>Both together.</summary>
    public static Rate operator +(Rate left, Rate right) => new(left.Requests + right.Requests, left.Failures is null && right.Failures is null ? null : (left.Failures ?? 0) + (right.Failures ?? 0));

    /// <summary>As members of an object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("requests_per_second", Math.Round(Requests, 2));
        if (Failures is { } failures)
            writer.WriteNumber("failures_per_second", Math.Round(failures, 2));
    }
}
