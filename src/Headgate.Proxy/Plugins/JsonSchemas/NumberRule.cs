using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>minimum</c>, <c>maximum</c>, their exclusive forms, and <c>multipleOf</c>; null = not there.</summary>
internal sealed class NumberRule : SchemaRule
{
    // A quotient is whole when it is off by no more than doubles are.
    private const double Tolerance = 1e-12;

    /// <summary>The least.</summary>
    public double? Minimum { get; init; }

    /// <summary>What is too little.</summary>
    public double? ExclusiveMinimum { get; init; }

    /// <summary>The most.</summary>
    public double? Maximum { get; init; }

    /// <summary>What is too much.</summary>
    public double? ExclusiveMaximum { get; init; }

    /// <summary>Of what it is a multiple, above 0.</summary>
    public double? MultipleOf { get; init; }

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        double number = value.GetDouble();
        return number < Minimum ? Wrong(number, "at least", Minimum)
            : number <= ExclusiveMinimum ? Wrong(number, "greater than", ExclusiveMinimum)
            : number > Maximum ? Wrong(number, "at most", Maximum)
            : number >= ExclusiveMaximum ? Wrong(number, "smaller than", ExclusiveMaximum)
            : MultipleOf is { } unit && !IsMultiple(number, unit) ? $"expected {LuaText.Number(number)} to be a multiple of {LuaText.Number(unit)}"
            : null;
    }

    private static string Wrong(double number, string how, double? limit) => $"expected {LuaText.Number(number)} to be {how} {LuaText.Number(limit!.Value)}";

    private static bool IsMultiple(double number, double unit)
    {
        if (Math.Floor(unit) == unit)
            return number % unit == 0;
        double quotient = number / unit;
        double whole = Math.Floor(quotient + 0.5);
        return Math.Abs(quotient - whole) <= Tolerance * (whole == 0 ? 1 : Math.Abs(whole));
    }
}
