return await Governance.Node.Commands.CommandLine.RunAsync(args);
