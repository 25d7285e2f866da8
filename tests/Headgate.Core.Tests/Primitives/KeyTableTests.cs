using System.Text;
using Headgate.Core.Primitives;
using Headgate.Testing;

namespace Headgate.Core.Tests.Primitives;

/// <summary>Secret keys: found as in a dictionary, however many there are and whatever is changed meanwhile.</summary>
public sealed class KeyTableTests
{
    [Fact]
    public void Find_AfterAnyChanges_IsWhatADictionaryHas()
    {
        var random = new Random(TestSeed.Value);
        var editor = new KeyTableEditor<string>();
        var model = new SortedDictionary<(string Key, string Owner), string>();
        var published = new List<(KeyTable<string> Table, Dictionary<string, string> Expected)>();
        for (int step = 0; step < 20_000; step++)
        {
            string key = $"k{random.Next(3_000)}", owner = $"o{random.Next(3)}";
            if (model.Remove((key, owner)))
            {
                editor.Remove(Encoding.UTF8.GetBytes(key), owner).ShouldBeTrue();
            }
            else
            {
                editor.Remove(Encoding.UTF8.GetBytes(key), owner).ShouldBeFalse();
                model.Add((key, owner), $"{step}");
                editor.Add(Encoding.UTF8.GetBytes(key), owner, $"{step}");
            }

            if (step % 2_000 == 1_999)
                published.Add((editor.Publish(), model.GroupBy(entry => entry.Key.Key).ToDictionary(group => group.Key, group => group.OrderBy(entry => entry.Key.Owner, StringComparer.Ordinal).First().Value)));
        }

        editor.Count.ShouldBe(model.Count);
        foreach ((KeyTable<string> table, Dictionary<string, string> expected) in published)
        {
            for (int i = 0; i < 3_000; i++)
                table.Find(Encoding.UTF8.GetBytes($"k{i}")).ShouldBe(expected.GetValueOrDefault($"k{i}"), $"k{i}, seed {TestSeed.Value}");
        }
    }

    [Fact]
    public void Find_AllocatesNothing()
    {
        var editor = new KeyTableEditor<string>();
        for (int i = 0; i < 10_000; i++)
            editor.Add(Encoding.UTF8.GetBytes($"key-{i}"), "", "v");
        KeyTable<string> table = editor.Publish();
        table.Find("key-9999"u8).ShouldBe("v");
        Allocation.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                table.Find("key-9999"u8);
                table.Find("none"u8);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Publish_WithoutChange_IsTheSame()
    {
        var editor = new KeyTableEditor<string>();
        editor.Publish().Find("a"u8).ShouldBeNull();
        editor.Add("a"u8, "", "v");
        editor.Publish().ShouldBeSameAs(editor.Publish());
    }
}
