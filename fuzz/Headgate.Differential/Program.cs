using System.Globalization;
using Headgate.Differential;
using Headgate.Testing;

// See fuzz/README.md.
if (args is ["corpus", ..])
    return await CorpusRun.RunAsync(record: args.Contains("--record"));
if (args is ["show", var file])
    return await CorpusRun.ShowAsync(file);
if (args is ["storm", .. var rest] && rest.Length <= 1 && int.TryParse(rest.FirstOrDefault("60"), CultureInfo.InvariantCulture, out int seconds))
    return await StormRun.RunAsync(TimeSpan.FromSeconds(seconds), TestSeed.Value);
Console.Error.WriteLine("usage: fuzz/differential corpus [--record] | show FILE | storm [SECONDS]");
return 2;
