using Headgate.Store.Crasher;

// A process of its own for what a test cannot do to itself: be killed, be traced, have its disk fail, hold the folder.
// Every line of its answers is one write to standard output, made after the store has answered.
switch (args)
{
    case ["storm", var folder, var callers]:
        await Storm.RunAsync(folder, int.Parse(callers, null));
        return 0;
    case ["steady", var folder, var commits, var callers]:
        return await Steady.RunAsync(folder, int.Parse(commits, null), int.Parse(callers, null));
    case ["hold", var folder]:
        return await Hold.RunAsync(folder);
    case ["measure", var folder, var callers, var seconds]:
        await Measure.RunAsync(folder, int.Parse(callers, null), TimeSpan.FromSeconds(int.Parse(seconds, null)));
        return 0;
    default:
        Console.Error.WriteLine("usage: storm FOLDER CALLERS | steady FOLDER COMMITS CALLERS | hold FOLDER | measure FOLDER CALLERS SECONDS");
        return 64;
}
