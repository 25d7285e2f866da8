using FsCheck;
using FsCheck.Fluent;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>A token finds whom it was given for, and never anybody else.</summary>
public sealed class LoopTargetsTests
{
    [Fact]
    public void Find_TokenOfThePast_FindsNobodyAlthoughItsPlaceIsTaken()
    {
        LoopTargets targets = new();
        ulong past = targets.Add(new IdleTarget());
        targets.Remove(past);
        var owner = new IdleTarget();
        ulong present = targets.Add(owner);
        ((uint)present).ShouldBe((uint)past, "the place is used again");

        targets.Find(past).ShouldBeNull();
        targets.Remove(past);
        targets.Find(present).ShouldBe(owner);
        targets.All.ShouldBe([owner]);
    }

    [Fact]
    public void Add_ManyMoreThanThereWasRoomFor_EachFindsItsOwn()
    {
        LoopTargets targets = new();
        Dictionary<ulong, IdleTarget> added = [];
        for (int i = 0; i < 10_000; i++)
        {
            var target = new IdleTarget();
            added.Add(targets.Add(target), target);
        }

        foreach ((ulong token, IdleTarget target) in added)
            targets.Find(token).ShouldBe(target);
        targets.All.Count().ShouldBe(added.Count);
    }

    [Fact]
    public void AnyOrderOfAdditionsAndRemovals_AsADictionaryWhoseKeysNeverComeBack()
    {
        // Even = add; odd = remove the token that was given out so many before, present or past.
        Gen<List<int>> steps = Gen.Choose(0, 400).ListOf().Select(list => list.ToList());
        Config config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay((ulong)TestSeed.Value, 1UL);
        Prop.ForAll(steps.ToArbitrary(), AgreesWithTheModel).Check(config);
    }

    private static bool AgreesWithTheModel(List<int> steps)
    {
        LoopTargets targets = new();
        Dictionary<ulong, ILoopTarget> model = [];
        List<ulong> given = [];
        foreach (int step in steps)
        {
            if (step % 2 == 0 || given.Count == 0)
            {
                var target = new IdleTarget();
                ulong token = targets.Add(target);
                if (token == LoopTargets.NoToken || given.Contains(token))
                    return false;
                given.Add(token);
                model.Add(token, target);
            }
            else
            {
                ulong token = given[^((step / 2 % given.Count) + 1)];
                targets.Remove(token);
                model.Remove(token);
            }

            if (given.Any(token => targets.Find(token) != model.GetValueOrDefault(token)))
                return false;
        }

        return targets.All.ToHashSet().SetEquals(model.Values);
    }
}
