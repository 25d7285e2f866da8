using Headgate.Core.Primitives;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>A list of one form; a single value may stand for a list of one where APISIX allows it.</summary>
/// <param name="item">Form of an element.</param>
/// <param name="plural">What is allowed, for a text: <c>a list of addresses</c>.</param>
/// <param name="countMin">Least number of elements.</param>
/// <param name="single">Whether one element may stand without a list.</param>
internal sealed class ListForm<T>(SettingForm<T> item, string plural, int countMin = 0, bool single = false) : SettingForm<EquatableArray<T>>
{
    /// <inheritdoc/>
    public override string Allowed => single ? $"{item.Allowed}, or {plural}" : plural;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out EquatableArray<T> value)
    {
        value = [];
        if (node is not SettingNode.List list)
        {
            if (!single || node is not SettingNode.Scalar)
            {
                problems.NotAllowed(node, path, Allowed);
                return false;
            }

            bool good = item.TryRead(node, path, problems, out T only);
            value = [only];
            return good;
        }

        if (list.Items.Count < countMin)
        {
            problems.Error(node.Origin, path, $"an empty list is not allowed; use {Allowed}");
            return false;
        }

        var items = new List<T>(list.Items.Count);
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (item.TryRead(list.Items[i], $"{path}[{i}]", problems, out T element))
                items.Add(element);
        }

        value = [.. items];
        return items.Count == list.Items.Count;
    }

    /// <inheritdoc/>
    public override string Show(EquatableArray<T> value) => $"[{string.Join(", ", value.Items.Select(item.Show))}]";
}
