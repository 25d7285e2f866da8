namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Kills one node after the other, and brings each back before the next dies: with the node that never dies there are always two at least to go to.</summary>
internal sealed class DeathFlow(SoakRun run, int number, IReadOnlyList<SoakNode> mortals) : SoakFlow(run, "deaths", number)
{
    protected override async Task StepAsync()
    {
        await PauseAsync(300, 1500);
        SoakNode victim = mortals[Random.Next(mortals.Count)];
        await victim.DieAsync();
        Run.Tally.Add("node deaths");
        try
        {
            await PauseAsync(20, 600);
        }
        finally
        {
            victim.ComeBack();
        }
    }
}
