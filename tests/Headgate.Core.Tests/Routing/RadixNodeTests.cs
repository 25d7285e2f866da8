using System.Text;
using Headgate.Core.Routing;
using Headgate.Testing;

namespace Headgate.Core.Tests.Routing;

public class RadixNodeTests
{
    [Fact]
    public void With_RandomEdits_AsADictionaryAndOldVersionsUnchanged()
    {
        var random = new Random(TestSeed.Value);
        for (int round = 0; round < 100; round++)
        {
            var model = new Dictionary<(string, bool), string>();
            RadixNode<string> tree = RadixNode<string>.Empty;
            RadixNode<string> old = tree;
            var oldModel = new Dictionary<(string, bool), string>();
            for (int edit = 0; edit < 200; edit++)
            {
                if (edit % 50 == 0)
                    (old, oldModel) = (tree, new(model));
                (string, bool) key = (Key(random), random.Next(2) == 0);
                string? value = random.Next(3) == 0 ? null : $"{edit}";
                if (value is null)
                    model.Remove(key);
                else
                    model[key] = value;
                tree = tree.With(Encoding.ASCII.GetBytes(key.Item1), key.Item2, value);
                Compare(tree, model);
                Compare(old, oldModel);
            }

            foreach ((string key, bool asPrefix) in model.Keys)
                tree = tree.With(Encoding.ASCII.GetBytes(key), asPrefix, null);
            tree.ShouldBeSameAs(RadixNode<string>.Empty, $"HEADGATE_SEED={TestSeed.Value}");
        }
    }

    [Fact]
    public void With_NestedKeysDeeperThanAnyStack_Works()
    {
        byte[] key = new byte[12_000];
        RadixNode<string> tree = RadixNode<string>.Empty;
        for (int i = 1; i <= key.Length; i += 2)
            tree = tree.With(key.AsSpan(0, i), asPrefix: true, "x");
        tree.Get(key.AsSpan(0, 11_999), asPrefix: true).ShouldBe("x");
        tree.Get(key.AsSpan(0, 11_998), asPrefix: true).ShouldBeNull();
    }

    [Fact]
    public void Walk_ManyNestedPrefixes_LongestFirstEachOnce()
    {
        for (int depth = 0; depth <= (3 * RadixWalk<string>.Remembered) + 1; depth++)
        {
            byte[] key = Encoding.ASCII.GetBytes(new string('k', depth));
            RadixNode<string> tree = RadixNode<string>.Empty;
            for (int i = 1; i <= depth; i++)
                tree = tree.With(key.AsSpan(0, i), asPrefix: true, $"{i}");

            foreach (bool fromEnd in (bool[])[false, true])
            {
                var walk = new RadixWalk<string>(tree, key, fromEnd);
                for (int i = depth; i >= 1; i--)
                    walk.NextPrefix().ShouldBe($"{i}");
                walk.NextPrefix().ShouldBeNull();
                walk.NextPrefix().ShouldBeNull();
            }
        }
    }

    private static void Compare(RadixNode<string> tree, Dictionary<(string Key, bool AsPrefix), string> model)
    {
        foreach (((string key, bool asPrefix), string value) in model)
            tree.Get(Encoding.ASCII.GetBytes(key), asPrefix).ShouldBe(value, $"HEADGATE_SEED={TestSeed.Value}");
        int held = 0;
        var open = new Stack<RadixNode<string>>([tree]);
        while (open.TryPop(out RadixNode<string>? node))
        {
            held += (node.Exact is null ? 0 : 1) + (node.Prefix is null ? 0 : 1);
            bool needed = node.Label.IsEmpty || node.Exact is not null || node.Prefix is not null || node.Children.Length > 1;
            needed.ShouldBeTrue("a node that holds nothing and forks nowhere is joined with its child");
            foreach (RadixNode<string> child in node.Children)
                open.Push(child);
        }

        held.ShouldBe(model.Count, $"HEADGATE_SEED={TestSeed.Value}");
    }

    private static string Key(Random random) => new([.. Enumerable.Range(0, random.Next(6)).Select(_ => "abc"[random.Next(3)])]);
}
