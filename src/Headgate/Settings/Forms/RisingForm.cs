using System.Globalization;
using Headgate.Core.Primitives;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>Numbers, each greater than the one before it and than 0.</summary>
/// <param name="allowed">What is allowed.</param>
internal sealed class RisingForm(string allowed) : SettingForm<EquatableArray<double>>
{
    private const int CountMax = 50;

    /// <inheritdoc/>
    public override string Allowed => allowed;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out EquatableArray<double> value)
    {
        var numbers = new List<double>();
        if (node is SettingNode.List { Items.Count: >= 1 and <= CountMax } list && list.Items.All(item => IsNext(item, numbers)))
        {
            value = [.. numbers];
            return true;
        }

        value = [];
        problems.NotAllowed(node, path, Allowed);
        return false;
    }

    /// <inheritdoc/>
    public override string Show(EquatableArray<double> value) => $"[{string.Join(", ", value.Items.Select(static number => number.ToString(CultureInfo.InvariantCulture)))}]";

    private static bool IsNext(SettingNode item, List<double> numbers)
    {
        if (item is not SettingNode.Scalar scalar || !double.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || !double.IsFinite(number) || number <= (numbers.Count == 0 ? 0 : numbers[^1]))
        {
            return false;
        }

        numbers.Add(number);
        return true;
    }
}
